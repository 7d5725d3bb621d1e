import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const SCRIPT = readFileSync(
  new URL("../../../../modules/hosts/linux/machine/install", import.meta.url),
  "utf8",
);

/** A function of the script, called among others that stand for programs of the machine. */
function call(name: string, others: string, command: string): string {
  const [text] = new RegExp(`^${name}\\(\\) \\{$[\\s\\S]*?^\\}$`, "m").exec(SCRIPT) ?? [];
  if (text === undefined) throw new Error(`no function ${name}`);
  return execFileSync("sh", ["-euc", `say() { printf '%s\\n' "$*"; }\n${others}\n${text}\n${command}`], {
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
}

test("nobody is asked whether the key of a repository may be trusted", () => {
  const dnf = `family=redhat
dnf() {
  case " $* " in *" --assumeyes "*) ;; *) return 1 ;; esac
  ! read -r answer && case $* in *uwsgi) ;; *) return 1 ;; esac
}`;
  // What a question would take for its answer is still there.
  const calls = "available uwsgi && echo there; available nonesuch || echo nowhere; read -r rest; echo $rest";
  expect(call("available", dnf, `echo n | { ${calls}; }`)).toBe("there\nnowhere\nn\n");
});
