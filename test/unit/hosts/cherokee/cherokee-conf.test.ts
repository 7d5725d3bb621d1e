import { expect, test } from "vitest";
import { adminPattern } from "../../../../modules/edge/admin.ts";
import { requestPattern } from "../../../../modules/hosts/cherokee/cherokee-conf.ts";

/** As PCRE reads it: flags stand in front. */
const pattern = new RegExp(
  requestPattern(adminPattern(["/admin", "/*/appadmin"])).replace(/^\(\?is\)/, ""),
  "is",
);

test.each([
  "/admin",
  "/admin/",
  "/ADMIN/x",
  "//admin",
  "/admin?x=1",
  "/shop/appadmin?x=1",
  "/shop/appadmin/index?/",
  "/%61dmin",
])("%s is of the administration", (request) => {
  expect(pattern.test(request)).toBe(true);
});

test.each([
  "/",
  "/administrators",
  "/search?q=/admin",
  "/search?q=%41",
  "/shop?next=/appadmin",
])("%s is not", (request) => {
  expect(pattern.test(request)).toBe(false);
});
