import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { expect, test } from "vitest";
import { awaitServer } from "../../../modules/engine/storage-server.ts";
import { plain } from "../../../modules/engine/terraform-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const READY = { code: 0, heard: "abc/1/healthy" };
const WANTED = { release: "abc", generation: "1" };

/** What the shell of a wait ends with, and heard last, where the engine's client says these things one after the other. */
function waiting(...said: readonly string[]): { readonly code: number; readonly heard: string } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "said"), `${said.join("\n")}\n`);
  const client = join(folder, "docker");
  writeFileSync(
    client,
    `#!/bin/sh
tee "${folder}/heard" < "${folder}/said" > /dev/null
line=$(head -n 1 "${folder}/said")
[ "$(wc -l < "${folder}/said")" -eq 1 ] || sed -i 1d "${folder}/said"
[ "$line" != missing ] || exit 1
echo "$line"
`,
  );
  chmodSync(client, 0o755);
  // Time passes at once.
  writeFileSync(join(folder, "sleep"), "#!/bin/sh\n");
  chmodSync(join(folder, "sleep"), 0o755);
  let command = "";
  Testing.synthScope((scope) => {
    const data = awaitServer(scope, {
      ...{ node: "files", name: "shop-prod-files", image: "nfs-server", ...WANTED, patience: 5 },
      client: { host: undefined, path: undefined },
    });
    command = plain((data.provisioners?.[0] as { command: string }).command);
  });
  let code = 0;
  try {
    execFileSync("/bin/sh", ["-c", command], {
      env: { PATH: `${folder}:${process.env.PATH}`, SERVER: "shop-prod-files", WANTED: "abc/1/healthy" },
      stdio: "pipe",
    });
  } catch (error) {
    code = (error as { status: number }).status;
  }
  return { code, heard: readFileSync(join(folder, "heard"), "utf8").split("\n")[0] ?? "" };
}

test("waits for the container that is to come, and not for the one before", () => {
  expect(waiting("old/0/healthy", "missing", "missing", "abc/1/starting", "abc/1/healthy")).toEqual(READY);
});

test("waits while the container is made", () => {
  expect(waiting(...Array(50).fill("missing"), "abc/1/healthy")).toEqual(READY);
});

test("gives up on a server that is there and does not get healthy", () => {
  expect(waiting("missing", "abc/1/starting", "abc/1/unhealthy").code).toBe(1);
});
