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

const PLAN = `plan_of() {
  [ "$1" != selinux ] || printf 'memcache_port_t 11221 cache-2\\nmemcache_port_t 11231 cache-3\\n'
}`;

test("a port that SELinux does not know as the program's is told, with the command that makes it known", () => {
  const enforcing = `${PLAN}
getenforce() { echo Enforcing; }
semanage() { printf 'memcache_port_t                tcp      11221, 11211\\nmemcache_port_t                udp      11231\\n'; }`;
  expect(call("note_selinux", enforcing, "note_selinux")).toBe(
    "note: SELinux is enforcing, and may keep cache-3 from port 11231: semanage port -a -t memcache_port_t -p tcp 11231 (of the package policycoreutils-python-utils)\n",
  );
});

test.each([
  ["is not there", "semanage() { return 127; }"],
  ["knows no port", "semanage() { :; }"],
])("each port is told where semanage %s", (_, semanage) => {
  const enforcing = `${PLAN}\ngetenforce() { echo Enforcing; }\n${semanage}`;
  expect(call("note_selinux", enforcing, "note_selinux").match(/^note: /gm)).toHaveLength(2);
});

test.each([
  ["permits all", "getenforce() { echo Permissive; }"],
  ["is not there", "command() { return 1; }"],
  ["has nothing to keep from", "getenforce() { echo Enforcing; }\nplan_of() { :; }\nsemanage() { :; }"],
])("nothing is told where SELinux %s", (_, machine) => {
  expect(call("note_selinux", `${PLAN}\n${machine}`, "note_selinux")).toBe("");
});
