import type { WrittenSharedFolders } from "../../modules/environment/description-file.ts";
import { shellQuoted } from "../../modules/hosts/shell-word.ts";
import { fileTask, type Task } from "./task.ts";

type Mount = NonNullable<WrittenSharedFolders["mount"]>;

/** What a host needs to mount a share: the password, which only its administrator knows, and a unit. */
export function shareMount({ unit, content, credentials }: Mount): readonly Task[] {
  // Names of shares may end in a dollar sign, or have one within.
  const kept = shellQuoted(credentials);
  const file = { path: `/etc/systemd/system/${unit}`, content };
  return [
    {
      title: `the password of the share, for root alone (${credentials})`,
      check: `[ "$(stat -c '%u %a' ${kept})" = '0 600' ] && grep -q '^username=' ${kept} && grep -q '^password=' ${kept}`,
      // It is in no file of the stack, so nobody else can put it there.
      change: `echo ${shellQuoted(`Write ${credentials} on the host, as root and with mode 600: a line username=… and a line password=…`)} >&2
exit 1`,
    },
    fileTask(
      "the mount of the share",
      file,
      `systemctl daemon-reload
systemctl enable --quiet ${shellQuoted(unit)}
systemctl restart ${shellQuoted(unit)}`,
    ),
    {
      title: `the share, mounted now and at each start (${unit})`,
      check: `systemctl is-enabled --quiet ${shellQuoted(unit)}\nsystemctl is-active --quiet ${shellQuoted(unit)}`,
      change: `systemctl enable --now --quiet ${shellQuoted(unit)}`,
    },
  ];
}
