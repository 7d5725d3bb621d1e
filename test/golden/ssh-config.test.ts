import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Host } from "../../modules/hosts/host.ts";
import { knownHosts, sshConfig, sshWrapper } from "../../modules/hosts/ssh-config.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const host = Host.of({
  name: "web-1",
  address: "ssh://deploy@203.0.113.10:2222",
  hostKeys: ["ssh-ed25519 AAAA", "ssh-rsa BBBB"],
  identity: "/home/me/100% mine",
});
const files = { knownHosts: "/x/known_hosts", control: "/x/socket", include: ["/home/me/.ssh/config"] };

test("the configuration of ssh pins the keys and shares the connection", async () => {
  await expect(sshConfig(host, files)).toMatchFileSnapshot("ssh-config-pinned-and-shared.golden");
});

test("known_hosts has the pinned keys under the name of the host", () => {
  expect(knownHosts(host)).toBe("web-1 ssh-ed25519 AAAA\nweb-1 ssh-rsa BBBB\n");
});

test("ssh itself understands it so, also where the user's own configuration says otherwise", () => {
  const folder = temporaryFolder();
  const own = join(folder, "own");
  writeFileSync(own, "Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  User somebody\n");
  const config = join(folder, "config");
  writeFileSync(config, sshConfig(host, { ...files, include: [own] }));
  const words = ["-F", config, "-G", "-l", "deploy", "-p", "2222", "203.0.113.10"];
  const understood = execFileSync("ssh", words, { encoding: "utf8" }).split("\n");
  expect(understood).toEqual(
    expect.arrayContaining([
      "stricthostkeychecking true",
      "userknownhostsfile /x/known_hosts",
      "hostkeyalias web-1",
      "batchmode yes",
      "controlpath /x/socket-deploy",
      "identityfile /home/me/100%% mine",
      "user deploy",
    ]),
  );
});

test("the ssh of the folder finds the other one, and does not call itself", () => {
  const folder = temporaryFolder();
  const bin = join(folder, "bin");
  const real = join(folder, "real");
  execFileSync("mkdir", ["-p", bin, real]);
  writeFileSync(join(bin, "ssh"), sshWrapper(), { mode: 0o700 });
  writeFileSync(join(real, "ssh"), '#!/bin/sh\necho "$@"\n', { mode: 0o700 });
  const env = { PATH: `${bin}:${real}:/usr/bin:/bin` };
  const said = execFileSync(join(bin, "ssh"), ["-l", "deploy", "--", "host"], { env, encoding: "utf8" });
  expect(said).toBe(`-F ${bin}/../config -l deploy -- host\n`);
});
