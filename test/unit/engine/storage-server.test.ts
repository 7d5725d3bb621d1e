import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { expect, test } from "vitest";
import { awaitServer } from "../../../modules/engine/storage-server.ts";
import { plain } from "../../../modules/engine/terraform-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const WANTED = { release: "abc", generation: "1" };

/** What the shell of a wait ends with, where the engine's client says these things one after the other. */
function waiting(...said: readonly string[]): number {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "said"), `${said.join("\n")}\n`);
  const client = join(folder, "docker");
  writeFileSync(
    client,
    `#!/bin/sh
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
      ...{ node: "files", name: "shop-prod-files", ...WANTED, patience: 5 },
      client: { host: undefined, path: undefined },
    });
    command = plain((data.provisioners?.[0] as { command: string }).command);
  });
  try {
    execFileSync("/bin/sh", ["-c", command], {
      env: { PATH: `${folder}:${process.env.PATH}`, SERVER: "shop-prod-files", WANTED: "abc/1/healthy" },
      stdio: "pipe",
    });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

test("waits for the container that is to come, and not for the one before", () => {
  expect(waiting("old/0/healthy", "missing", "missing", "abc/1/starting", "abc/1/healthy")).toBe(0);
});

test("waits for as long as the image is built", () => {
  expect(waiting(...Array(50).fill("missing"), "abc/1/healthy")).toBe(0);
});

test("gives up on a server that is there and does not get healthy", () => {
  expect(waiting("missing", "abc/1/starting", "abc/1/unhealthy")).toBe(1);
});
