import { expect, test } from "vitest";
import { placesBelow, relocated } from "../../../../modules/hosts/export/relocation.ts";

const places = placesBelow("C:/slipway/shop/store");

test.each([
  ['Path("/run/secrets", name)', 'Path("C:/slipway/shop/store/secrets", name)'],
  ["/srv/app/static=/static", "C:/slipway/shop/store/app/static=/static"],
  [
    "postgresql://a:b@db:5432/a?sslmode=verify-full&sslrootcert=/run/secrets/db-ca",
    "postgresql://a:b@db:5432/a?sslmode=verify-full&sslrootcert=C:/slipway/shop/store/secrets/db-ca",
  ],
  ['f"/srv/static{path}"', 'f"C:/slipway/shop/store/static{path}"'],
  ['Path(f"/var/lib/app/parameters_{PORT}.py")', 'Path(f"C:/slipway/shop/store/app/parameters_{PORT}.py")'],
  ["/srv/application /opt/slipway-2 /mnt/srv/app", "/srv/application /opt/slipway-2 /mnt/srv/app"],
])("%s", (text, expected) => {
  expect(relocated(text, places)).toBe(expected);
});
