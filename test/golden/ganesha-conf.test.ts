import { expect, test } from "vitest";
import { ganeshaConf } from "../../modules/nfs-server/ganesha-conf.ts";

test("two networks of clients, beside the host itself", async () => {
  const conf = ganeshaConf({
    port: 2049,
    name: "files",
    clients: ["10.0.0.20", "10.0.0.0/24", "192.168.7.0/24"],
  });
  // Nobody but who is named, and whoever it is owns what the nodes own.
  expect(conf.match(/Access_Type = \w+/g)).toEqual(
    ["None", "RW", "RO"].map((type) => `Access_Type = ${type}`),
  );
  expect(conf).toContain("Squash = All_Squash");
  await expect(conf).toMatchFileSnapshot("ganesha-two-networks.conf.golden");
});
