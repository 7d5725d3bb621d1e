import { describe, expect, test } from "vitest";
import { Image } from "../../../modules/values/image.ts";
import { refused } from "./refused.ts";

const HEX = "0123456789abcdef".repeat(4);
const DIGEST = `sha256:${HEX}`;

describe("accepted", () => {
  test.each([
    ["debian:trixie-slim", "debian", "trixie-slim", undefined],
    ["library/debian:13", "library/debian", "13", undefined],
    [`debian@${DIGEST}`, "debian", undefined, DIGEST],
    [`debian:13@${DIGEST}`, "debian", "13", DIGEST],
    ["localhost:5000/team/shop:1.0_rc-1", "localhost:5000/team/shop", "1.0_rc-1", undefined],
    ["registry.example.org/a__b/c--d:V1", "registry.example.org/a__b/c--d", "V1", undefined],
  ])("%s", (text, repository, tag, digest) => {
    const image = Image.of(text);
    expect(image).toMatchObject({ repository, tag, digest });
    expect(image.isPinned).toBe(digest !== undefined);
    expect(String(image)).toBe(text);
    expect(Image.of(image)).toBe(image);
  });
});

test.each([
  ["debian", 'Add the version that you tested: "debian:VERSION"'],
  ["localhost:5000/shop", 'Add the version that you tested: "localhost:5000/shop:VERSION"'],
  ["debian:latest", 'Replace "latest" by the version that you tested: "debian:VERSION"'],
  [`debian:latest@${DIGEST}`, `Write "debian@${DIGEST}"`],
  ["Debian:V1", 'Write "debian:V1"'],
  ["Debian", 'Write "debian:VERSION" with the version that you tested'],
  ["Debian:latest", 'Write "debian:VERSION" with the version that you tested'],
  ["docker://debian:13", 'Write "debian:13"'],
  [" debian:13\n", 'Write "debian:13"'],
  [DIGEST, "Write the repository and a tag or digest instead of an image id"],
  [HEX, "Write the repository and a tag or digest instead of an image id"],
  [` ${DIGEST}`, 'Write an image such as "debian:trixie-slim"'],
  ["", 'Write an image such as "debian:trixie-slim"'],
  ["debian:", 'Write an image such as "debian:trixie-slim"'],
  ["debian@sha256:12", 'Write an image such as "debian:trixie-slim"'],
  [`${"a".repeat(256)}:1`, 'Write an image such as "debian:trixie-slim"'],
  [`debian:${"1".repeat(129)}`, 'Write an image such as "debian:trixie-slim"'],
])("%j is refused: %s", (text, fix) => {
  expect(refused(() => Image.of(text)).fix).toBe(fix);
});
