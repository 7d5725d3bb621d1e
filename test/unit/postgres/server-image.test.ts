import { expect, test } from "vitest";
import { serverImage } from "../../../modules/postgres/server-image.ts";
import { VERSIONS } from "../../../modules/postgres/version.ts";

test("each version is an image of its own, so that one stack may have several", () => {
  const images = VERSIONS.map((version) => serverImage(version));
  expect(images.map(({ name }) => name.text)).toEqual(["postgres-15", "postgres-17"]);
  expect(images.map(({ args }) => args)).toEqual([{ VERSION: "15" }, { VERSION: "17" }]);
});

test("the image of an upgrade has the programs of both versions", () => {
  const { name, args } = serverImage(17, 15);
  expect(name.text).toBe("postgres-15-17");
  expect(args).toEqual({ VERSION: "17", FROM: "15" });
});
