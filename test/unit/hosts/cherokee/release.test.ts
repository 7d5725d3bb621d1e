import { expect, test } from "vitest";
import { CHEROKEE } from "../../../../modules/hosts/cherokee/cherokee.ts";
import { releaseOf } from "../../../../modules/hosts/cherokee/release.ts";
import { exported, guestbook, web2py } from "../../../support/exported-stack.ts";

test.each([
  ["guestbook", guestbook],
  ["store", web2py],
])("%s is in the folder of its release, and what it writes to is not", async (name, compose) => {
  const texts = CHEROKEE.files(await exported(compose), []).flatMap(({ path, content }) =>
    path.startsWith(`${name}/`) ? [content.toString()] : [],
  );
  const places = texts.flatMap((text) => text.match(/\/srv\/slipway\/shop\/\w+\/[\w/]+/g) ?? []);
  const inside = (place: string) => /\/releases\/[0-9a-f]{12}\//.test(place);
  const folders = (all: readonly string[]) => [
    ...new Set(all.map((place) => place.replace(/^.*\/releases\/\w+\/|^(?:\/\w+){4}\//, "").split("/")[0])),
  ];
  expect(folders(places.filter(inside))).toEqual(
    expect.arrayContaining(["app", "slipway", "settings", "secrets", "venv", "uwsgi"]),
  );
  expect(folders(places.filter(inside))).not.toEqual(expect.arrayContaining(["state"]));
  expect(
    folders(places.filter((place) => !inside(place))).filter(
      (folder) => !["run", "state", "shared", "static", "releases"].includes(folder ?? ""),
    ),
  ).toEqual([]);
});

test("another release has another name", () => {
  const file = { path: "shop/app/shop.py", content: "1" };
  expect(releaseOf([file])).toMatch(/^[0-9a-f]{12}$/);
  expect(releaseOf([file])).toBe(releaseOf([{ ...file, content: Buffer.from("1") }]));
  const others = [
    { ...file, content: "2" },
    { ...file, path: "shop/app/shop1.py", content: "" },
  ];
  for (const other of others) expect(releaseOf([other])).not.toBe(releaseOf([file]));
});
