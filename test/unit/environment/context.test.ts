import { App as Cdktf } from "cdktf";
import { describe, expect, test } from "vitest";
import { checkContext } from "../../../modules/environment/context.ts";
import { explain } from "../../../modules/environment/explain.ts";
import { settingsOf } from "../../../modules/environment/settings.ts";
import { targetOf } from "../../../modules/environment/target.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const appWith = (context: Record<string, unknown>) => new Cdktf({ outdir: temporaryFolder(), context });

function said(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    return explain(error);
  }
  throw new Error("the context was accepted");
}

describe("the target", () => {
  test("of a stack without context is this machine", () => {
    const target = targetOf(appWith({}), "dev");
    expect(target.hostname.text).toBe("localhost");
    expect(target.aliases).toEqual([]);
    expect(target.address).toBe("127.0.0.1");
    expect([target.ports.http.number, target.ports.https.number]).toEqual([8080, 8443]);
  });

  test("takes what the context says", () => {
    const dev = {
      hostname: "Shop.Example.org",
      aliases: ["www.shop.example.org", "192.0.2.1"],
      address: "::1",
      ports: { http: 80, https: 443 },
    };
    const target = targetOf(appWith({ dev }), "dev");
    expect([target.hostname, ...target.aliases].map(String)).toEqual([
      "shop.example.org",
      "www.shop.example.org",
      "192.0.2.1",
    ]);
    expect(target.address).toBe("::1");
    expect(target.ports.https.number).toBe(443);
  });

  test("goes by CDKTF_CONTEXT_JSON first", () => {
    process.env.CDKTF_CONTEXT_JSON = JSON.stringify({ dev: { hostname: "review.example.org" } });
    try {
      expect(targetOf(appWith({ dev: { hostname: "shop.example.org" } }), "dev").hostname.text).toBe(
        "review.example.org",
      );
    } finally {
      delete process.env.CDKTF_CONTEXT_JSON;
    }
  });

  const port = "a whole number from 1 to 65535";
  test.each([
    ["a port that there is not", { ports: { http: 99_999, https: 443 } }, "dev.ports.http", "99999", port],
    ["port 0", { ports: { http: 80, https: 0 } }, "dev.ports.https", "0", port],
    ["half a port", { ports: { http: 80.5, https: 443 } }, "dev.ports.http", "80.5", port],
    ["a port in quotes", { ports: { http: "80", https: 443 } }, "dev.ports.http", "80", port],
    ["a port left out", { ports: { http: 80 } }, "dev.ports.https", "nothing", port],
    [
      "an unknown key",
      { hostnam: "shop" },
      "dev.hostnam",
      "shop",
      "one of hostname, aliases, address, ports",
    ],
    [
      "an unknown port",
      { ports: { http: 80, https: 443, quic: 443 } },
      "dev.ports.quic",
      "443",
      "one of http, https, admin",
    ],
    ["a list", [], "dev", "[]", "an object with the keys hostname, aliases, address, ports"],
    ["a name as the address", { address: "shop" }, "dev.address", "shop", "an IPv4 or IPv6 address"],
    ["an alias that is no text", { aliases: ["a", 5] }, "dev.aliases.1", "5", "a host name"],
    ["an alias that is no list", { aliases: "www" }, "dev.aliases", "www", "a list of host names"],
  ])("refuses %s in one line", (_, dev, key, got, allowed) => {
    expect(said(() => targetOf(appWith({ dev }), "dev"))).toBe(
      `✗ Invalid context ${key} "${got}": allowed is ${allowed}. Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON.`,
    );
  });

  test.each([
    [
      { hostname: "https://shop.example.org/" },
      'Leave out the scheme, leave out the path, write "shop.example.org"',
    ],
    [{ aliases: ["my_shop"] }, 'Use hyphens for underscores, write "my-shop"'],
    [{ hostname: "shop.example.org\nServerName x" }, 'Write a name such as "shop.example.org"'],
  ])("refuses the host name of %j in one line", (dev, fix) => {
    const message = said(() => targetOf(appWith({ dev }), "dev"));
    expect(message).toMatch(/^✗ Invalid hostname /);
    expect(message).not.toContain("\n");
    expect(message).toContain(fix);
  });
});

describe("the settings", () => {
  test("have defaults", () => {
    expect(settingsOf(appWith({}))).toEqual({ project: "slipway", directory: ".slipway" });
  });

  test.each([
    [{ project: "My Shop" }, '✗ Invalid name "My Shop"'],
    [{ project: 5 }, '✗ Invalid context project "5"'],
    [{ directory: "" }, '✗ Invalid context directory ""'],
    [{ directory: null }, '✗ Invalid context directory "null"'],
  ])("refuse %j", (context, beginning) => {
    const message = said(() => settingsOf(appWith(context)));
    expect(message?.startsWith(beginning)).toBe(true);
    expect(message).not.toContain("\n");
  });
});

describe("the keys of the context", () => {
  const exported = (context: unknown) => ({ CDKTF_CONTEXT_JSON: JSON.stringify(context) });

  test("are the stacks, and settings of the project", () => {
    expect(() => checkContext(["dev", "prod"], exported({ project: "shop", dev: {} }))).not.toThrow();
  });

  test("that are nearly the name of a stack are refused, with the names that there are", () => {
    const attempt = () => checkContext(["dev", "prod"], exported({ devv: {} }));
    expect(said(attempt)).toContain('"devv": allowed is the name of a stack: dev, prod');
  });

  test("of cdktf.json are none of the business of an app with other stacks", () => {
    expect(() => checkContext(["hello"], exported({ hello: {} }))).not.toThrow();
    expect(() => checkContext(["hello"], exported({ helo: {} }))).toThrow("helo");
  });
});
