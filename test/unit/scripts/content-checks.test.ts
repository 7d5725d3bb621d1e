/** Each check meets a server that behaves well, and has nothing to say against it. */
import { describe, expect, test } from "vitest";
import type { Check } from "../../../scripts/verify/check.ts";
import { adminClosed, adminPlain } from "../../../scripts/verify/checks/admin.ts";
import { headerEnough, pipelining } from "../../../scripts/verify/checks/limits.ts";
import { everyNode } from "../../../scripts/verify/checks/nodes.ts";
import { pathTricks } from "../../../scripts/verify/checks/path-tricks.ts";
import { onlyNamed, routes } from "../../../scripts/verify/checks/routes.ts";
import { stickiness } from "../../../scripts/verify/checks/stickiness.ts";
import {
  alpn,
  certificate,
  strictTransport,
  tlsProfile,
} from "../../../scripts/verify/checks/tls-profile.ts";
import { inTurn, sideBySide } from "../../support/served-checks.ts";
import type { Served } from "../../support/served-site.ts";

describe("a check is content with", () => {
  const SUITES =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
  const GOOD: readonly (readonly [what: string, check: Check, how: Served])[] = [
    ["a page", routes, {}],
    ["404 for what nobody named", onlyNamed, {}],
    ["all nodes in turn", everyNode, { answer: inTurn() }],
    ["no stickiness where none is declared", stickiness, { answer: inTurn() }],
    ["a certificate of its name", certificate, {}],
    ["the suites of the profile", tlsProfile, { tls: { ciphers: SUITES } }],
    ["both protocols", alpn, {}],
    ["no HSTS without trust", strictTransport, {}],
    ["no administration", adminClosed, {}],
    ["a redirect of the administration", adminPlain, {}],
    ["404 for every trick", pathTricks, {}],
    ["headers of the usual size", headerEnough, {}],
    ["three answers to three requests", pipelining, {}],
  ];
  const outcomes = sideBySide(GOOD);
  test.each(GOOD)("%s", { timeout: 120_000 }, async (what) => {
    const result = await outcomes(what);
    expect(result, result.seen).toMatchObject({ ok: true });
  });
});
