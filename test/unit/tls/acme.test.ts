import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acme, readAuthority } from "../../../modules/tls/acme.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const email = "webmaster+site@shop.example.org";

test("Let's Encrypt, unless another authority is named", () => {
  expect(acme({ email })).toMatchObject({
    isPublic: true,
    directory: expect.stringContaining("letsencrypt.org"),
  });
  expect(acme({ email, directory: "https://ca.internal:14000/dir" })).toMatchObject({ isPublic: false });
});

test.each([
  "",
  "webmaster",
  "webmaster@localhost",
  "a b@example.org",
  "a@example.org\nLoadModule x y",
  '"a"@example.org',
  "${X}@example.org",
  "-a@example.org",
])("refuses the email %j", (bad) => {
  expect(() => acme({ email: bad })).toThrow(/Invalid email/);
});

test.each([
  "",
  "ca.example.org",
  "http://ca.example.org/dir",
  "https://ca.example.org/a b",
  "https://ca.example.org/\nInclude x",
  "https://ca.example.org/${X}",
  "https://ca.example.org/%{X}",
  'https://ca.example.org/"',
  "https://ca.example.org:0/",
  "https://ca.example.org:65354/",
])("refuses the directory %j", (directory) => {
  expect(() => acme({ email, directory })).toThrow(/Invalid ACME directory/);
});

test("refuses an authority that has no certificate", () => {
  const file = join(temporaryFolder(), "authority.pem");
  writeFileSync(file, "nothing");
  expect(() => readAuthority(file)).toThrow(/authority of the ACME directory.*PEM/);
  expect(() => readAuthority(`${file}.missing`)).toThrow(/PEM/);
});
