import { ADMIN_CONSOLE_PORT, CONFIGURATION, stackFolder, USER } from "./cherokee-layout.ts";

export interface CherokeeInstallation {
  readonly stack: string;
  readonly apps: readonly {
    readonly name: string;
    /** Below its folder. */
    readonly writable: readonly string[];
  }[];
  /** Names of the stack's services, which are on this host. */
  readonly services: readonly string[];
  readonly hostname: string;
  readonly https: number;
  readonly healthPaths: readonly string[];
}

/** Folders below that of an application that a new release must not touch. */
const KEPT = ["run", "state", "shared", "static", "venv"];

/** The text of `install.sh`. */
export function installScript(installation: CherokeeInstallation): string {
  const { stack, apps, services, hostname, https, healthPaths } = installation;
  const folder = stackFolder(stack);
  const names = apps.map(({ name }) => name).join(" ");
  const hosts = services.length > 0 ? `127.0.0.1 ${services.join(" ")}` : "";
  return `#!/bin/sh
# Written by Slipway: installs ${names} of the stack ${stack} behind Cherokee, on Debian. To be run as root, in this folder.
#
#   ./install.sh              changes nothing that is so already
#   ./install.sh --verify     looks, and changes nothing
#   ./install.sh --uninstall  undoes it; what the applications have written stays
set -eu
cd "$(dirname "$0")"
folder=${folder}
conf=${CONFIGURATION}/cherokee.conf
mark='# slipway ${stack}'

changed() { echo "changed   $1"; }
kept() { echo "as it is  $1"; }
fail() { echo "$1" >&2; exit 1; }

verify() {
  failed=0
  check() {
    what=$1
    shift
    if "$@" >/dev/null 2>&1; then echo "passed  $what"; else echo "FAILED  $what"; failed=$((failed + 1)); fi
  }
  check 'Cherokee takes its configuration' cherokee --test --config="$conf"
  for app in ${names}; do
    check "nobody but root and the applications reads the secrets of $app" test "$(stat -c %A "$folder/$app/secrets" 2>/dev/null | cut -c 8-10)" = ---
  done
  check 'the administration of Cherokee is on the loopback address alone' sh -c "! ss -Hltn 'sport = :${ADMIN_CONSOLE_PORT}' | grep -v '127.0.0.1:${ADMIN_CONSOLE_PORT}'"
  for path in ${healthPaths.join(" ")}; do
    check "https://${hostname}$path answers" curl --silent --fail --insecure --max-time 60 --resolve '${hostname}:${https}:127.0.0.1' "https://${hostname}:${https}$path"
  done
  [ "$failed" = 0 ] || fail "$failed checks failed"
}

uninstall() {
  if [ -e "$conf.before-slipway" ]; then mv "$conf.before-slipway" "$conf"; changed "$conf is as it was"; fi
  if grep -qF "$mark" /etc/hosts; then
    # Written over rather than replaced: in a container it is a mount.
    grep -vF "$mark" /etc/hosts > "$folder/hosts"; cat "$folder/hosts" > /etc/hosts; rm "$folder/hosts"
    changed /etc/hosts
  fi
  for app in ${names}; do rm -rf "$folder/$app/venv" "$folder/$app/slipway"; done
  echo "Start Cherokee again. What the applications have written, their settings and secrets are still in $folder."
}

case "\${1:-}" in
  --verify) verify; exit ;;
  --uninstall) uninstall; exit ;;
  '') ;;
  *) fail "Unknown option $1: allowed are --verify and --uninstall" ;;
esac

[ "$(id -u)" = 0 ] || fail 'Run it as root'
command -v cherokee >/dev/null || fail 'There is no cherokee: README.md tells how it is built'
for file in chain.pem key.pem; do
  [ -e "${CONFIGURATION}/tls/$file" ] || fail "There is no ${CONFIGURATION}/tls/$file: README.md tells how"
done

missing=
for package in uwsgi-core uwsgi-plugin-python3 python3-venv rsync curl iproute2; do
  dpkg-query -W -f '\${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  apt-get -q update </dev/null
  DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends $missing </dev/null
  changed "packages:$missing"
else
  kept packages
fi
${
  hosts === ""
    ? ""
    : `
# Certificates are those of these names.
if grep -qxF '${hosts} '"$mark" /etc/hosts; then kept /etc/hosts; else echo '${hosts} '"$mark" >> /etc/hosts; changed /etc/hosts; fi
`
}
for app in ${names}; do
  umask 027
  mkdir -p "$folder/$app"
  case $app in
${apps.map(({ name, writable }) => `    ${name}) kept='${[...KEPT, ...writable.filter((path) => path.startsWith("app/"))].map((path) => `--exclude=/${path}/`).join(" ")}' ;;\n`).join("")}  esac
  taken=$(rsync --recursive --links --checksum --delete --itemize-changes --chmod=D750,F640 --exclude=__pycache__/ $kept "$app/" "$folder/$app/")
  if [ -n "$taken" ]; then changed "$folder/$app"; else kept "$folder/$app"; fi
  chmod 750 "$folder/$app/start.sh"
  chgrp -R ${USER} "$folder/$app"
  [ -x "$folder/$app/venv/bin/python" ] || { python3 -m venv "$folder/$app/venv"; changed "$folder/$app/venv"; }
  if ! cmp -s "$folder/$app/requirements.txt" "$folder/$app/venv/slipway-requirements.txt"; then
    "$folder/$app/venv/bin/pip" install --quiet --disable-pip-version-check -r "$folder/$app/requirements.txt"
    cp "$folder/$app/requirements.txt" "$folder/$app/venv/slipway-requirements.txt"
    changed "packages of $app"
  fi
  chgrp -R ${USER} "$folder/$app/venv"
done
chmod 755 /srv/slipway "$folder"
mkdir -p "$folder/empty" /var/log/cherokee
chgrp ${USER} "$folder/empty"
chown ${USER}:${USER} /var/log/cherokee
${apps.map(({ name, writable }) => `for path in static ${["run", ...writable].join(" ")}; do mkdir -p "$folder/${name}/$path"; chown ${USER}:${USER} "$folder/${name}/$path"; done\n`).join("")}
# The database is migrated, and each application answers, before it is served.
for app in ${names}; do
  (cd "$folder/$app" && setpriv --reuid=${USER} --regid=${USER} --clear-groups venv/bin/python prepare.py)
done

if cmp -s cherokee.conf "$conf"; then
  kept "$conf"
else
  [ -e "$conf.before-slipway" ] || [ ! -e "$conf" ] || cp "$conf" "$conf.before-slipway"
  cp cherokee.conf "$conf.slipway"
  cherokee --test --config="$conf.slipway" || { rm "$conf.slipway"; fail 'Cherokee refuses this configuration, for the reason above; it is as it was'; }
  mv "$conf.slipway" "$conf"
  changed "$conf"
fi
# A running FastCGI server has the code of before: Cherokee starts another one with the next request.
for app in ${names}; do
  pid=$(cat "$folder/$app/run/uwsgi.pid" 2>/dev/null || true)
  [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true
done
echo "Start Cherokee (cherokee --detach --config=$conf), then: ./install.sh --verify"
`;
}
