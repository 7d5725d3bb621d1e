import type { Repository } from "./repository.ts";

const RED_HAT = "Red Hat Enterprise Linux 10";
const REBUILDS = "AlmaLinux 10, Rocky Linux 10 or CentOS Stream 10";
const PGDG = [
  "dnf install --assumeyes https://download.postgresql.org/pub/repos/yum/reporpms/EL-10-$(arch)/pgdg-redhat-repo-latest.noarch.rpm",
];
/** In the order in which they are added. */
export const REDHAT_REPOSITORIES: readonly Repository[] = [
  {
    name: "CodeReady Linux Builder",
    // EPEL's packages need some of it.
    packages: /^(?:lua-posix|uwsgi.*|Pound)$/,
    commands: {
      [RED_HAT]: ["subscription-manager repos --enable codeready-builder-for-rhel-10-$(arch)-rpms"],
      [REBUILDS]: ["dnf install --assumeyes dnf-plugins-core", "dnf config-manager --set-enabled crb"],
    },
  },
  {
    name: "EPEL",
    packages: /^(?:uwsgi.*|Pound)$/,
    commands: {
      [RED_HAT]: [
        "dnf install --assumeyes https://dl.fedoraproject.org/pub/epel/epel-release-latest-10.noarch.rpm",
      ],
      [REBUILDS]: ["dnf install --assumeyes epel-release"],
    },
  },
  {
    name: "PGDG",
    packages: /^postgresql\d+-server$/,
    commands: { [RED_HAT]: PGDG, [REBUILDS]: PGDG },
  },
];
