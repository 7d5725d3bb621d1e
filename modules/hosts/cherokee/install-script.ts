import { askedAddress } from "../export/asked-address.ts";
import { writtenFor } from "./cherokee-conf.ts";
import { ADMIN_CONSOLE_PORT, CONFIGURATION, stackFolder, USER } from "./cherokee-layout.ts";
import { releaseFolder } from "./release.ts";

export interface CherokeeInstallation {
  readonly stack: string;
  readonly apps: readonly {
    readonly name: string;
    readonly release: string;
    /** Below its folder. */
    readonly writable: readonly string[];
  }[];
  /** Names of the stack's services, which are on this host. */
  readonly services: readonly string[];
  readonly hostname: string;
  /** Address that visitors are served at; null for all of the machine. */
  readonly address: string | null;
  readonly https: number;
  readonly healthPaths: readonly string[];
}

/** With its parents before each folder: whoever writes to it has to get through them. */
function withParents(folders: readonly string[]): readonly string[] {
  const all = folders.flatMap((folder) => {
    const parts = folder.split("/");
    return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  });
  return [...new Set(all)];
}

/** The text of `install.sh`. */
export function installScript(installation: CherokeeInstallation): string {
  const { stack, apps, services, hostname, address, https, healthPaths } = installation;
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

# What is particular to an application.
choose() {
  home=$folder/$1
  case $1 in
${apps
  .map(
    ({ name, release, writable }) => `    ${name})
      release=${releaseFolder("$home", release)}
      # Of all releases; parents come first, for the applications have to get through them.
      folders='${withParents(["run", "static", ...writable]).join(" ")}'
      # Those that are looked for among the code.
      linked='${writable.filter((path) => path.startsWith("app/")).join(" ")}' ;;
`,
  )
  .join("")}  esac
}

# The main process of a Cherokee that runs: it writes its number to the file that the configuration of its start named.
running() {
  for file in /run/cherokee.pid $(sed -n 's/^server!pid_file = //p' "$conf" "$conf.before-slipway" 2>/dev/null); do
    pid=$(cat "$file" 2>/dev/null || true)
    [ "$(cat "/proc/\${pid:-none}/comm" 2>/dev/null)" = cherokee ] || continue
    echo "$pid"
    return 0
  done
  return 1
}

# At SIGHUP Cherokee reads its configuration anew, and finishes the requests at hand.
load() {
  if pid=$(running); then
    kill -HUP "$pid"
    changed 'Cherokee, which reads its configuration anew'
  else
    # A service is what starts it with the machine.
    service cherokee start >/dev/null 2>&1 || cherokee --detach --config="$conf" >>/var/log/cherokee/start.log 2>&1
    changed 'Cherokee, which is started'
  fi
  # It ends where it cannot serve what it could read, as with a port that somebody else has.
  sleep 3
  running >/dev/null || fail 'Cherokee has ended, and /var/log/cherokee tells why'
}

# Cherokee starts another one with the next request.
end_server() {
  pid=$(cat "$folder/$1/run/uwsgi.pid" 2>/dev/null || true)
  [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true
}

verify() {
  failed=0
  check() {
    what=$1
    shift
    if "$@" >/dev/null 2>&1; then echo "passed  $what"; else echo "FAILED  $what"; failed=$((failed + 1)); fi
  }
  check 'Cherokee takes its configuration' cherokee --test --config="$conf"
  for app in ${names}; do
    check "nobody but root and the applications reads the secrets of $app" test "$(stat -c %A "$folder/$app/current/secrets" 2>/dev/null | cut -c 8-10)" = ---
  done
  check 'the administration of Cherokee is on the loopback address alone' sh -c "! ss -Hltn 'sport = :${ADMIN_CONSOLE_PORT}' | grep -v '127.0.0.1:${ADMIN_CONSOLE_PORT}'"
  for path in ${healthPaths.join(" ")}; do
    check "https://${hostname}$path answers" curl --silent --fail --insecure --max-time 60 --resolve '${hostname}:${https}:${askedAddress(address)}' "https://${hostname}:${https}$path"
  done
  [ "$failed" = 0 ] || fail "$failed checks failed"
}

uninstall() {
  if grep -qF "$mark" /etc/hosts; then
    # Written over rather than replaced: in a container it is a mount.
    grep -vF "$mark" /etc/hosts > "$folder/hosts"; cat "$folder/hosts" > /etc/hosts; rm "$folder/hosts"
    changed /etc/hosts
  fi
  for app in ${names}; do
    end_server "$app"
    rm -rf "$folder/$app/current" "$folder/$app/releases" "$folder/$app/venvs"
  done
  if [ -e "$conf.before-slipway" ]; then
    mv "$conf.before-slipway" "$conf"
    changed "$conf is as it was"
    if running >/dev/null; then load; fi
  elif grep -qxF '${writtenFor(stack)}' "$conf" 2>/dev/null; then
    pid=$(running || true)
    [ -z "$pid" ] || kill -TERM "$pid"
    rm "$conf"
    changed "$conf is gone, as there was none before, and Cherokee ends"
  fi
  echo "What the applications have written is still in $folder."
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
for package in uwsgi-core uwsgi-plugin-python3 python3-venv curl iproute2; do
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
umask 027
mkdir -p "$folder/empty" /var/log/cherokee
chmod 755 /srv/slipway "$folder"
chgrp ${USER} "$folder/empty"
chown ${USER}:${USER} /var/log/cherokee

# A release is made beside the one that is served.
for app in ${names}; do
  choose "$app"
  mkdir -p "$home/releases" "$home/venvs"
  chgrp ${USER} "$home" "$home/releases" "$home/venvs"
  # Not through links: the applications could lead root anywhere by one.
  for path in $folders; do mkdir -p "$home/$path"; chown -h ${USER}:${USER} "$home/$path"; done
  if [ "$(readlink "$home/current")" = "$release" ]; then kept "$release"; continue; fi
  # One that was left half done is made anew.
  rm -rf "$release"
  cp -R "$app" "$release"
  venv=$home/venvs/$(sha256sum < "$release/requirements.txt" | cut -c 1-12)
  if [ ! -e "$venv/complete" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$release/requirements.txt"
    chgrp -R -h ${USER} "$venv"
    touch "$venv/complete"
    changed "packages of $app"
  fi
  ln -s "$venv" "$release/venv"
  for path in $linked; do
    rm -rf "$release/$path"
    mkdir -p "$(dirname "$release/$path")"
    ln -s "$home/$path" "$release/$path"
  done
  chmod -R u=rwX,g=rX,o= "$release"
  chmod 750 "$release/start.sh"
  chgrp -R -h ${USER} "$release"
  changed "$release"
done

# The database is migrated, and each application answers, before any is served.
for app in ${names}; do
  choose "$app"
  (cd "$release" && setpriv --reuid=${USER} --regid=${USER} --clear-groups venv/bin/python prepare.py) ||
    fail "$app is not ready, for the reason above; what was served still is"
done
cherokee --test --config="$PWD/cherokee.conf" || fail 'Cherokee refuses this configuration, for the reason above; what was served still is'

for app in ${names}; do
  choose "$app"
  before=$(readlink "$home/current" || true)
  [ "$before" != "$release" ] || continue
  # Renamed over the other: there is no time without any.
  rm -f "$home/current.new"
  ln -s "$release" "$home/current.new"
  mv -T "$home/current.new" "$home/current"
  end_server "$app"
  changed "$home/current"
  # The one before finishes its requests; older ones go.
  for old in "$home"/releases/*; do
    [ "$old" = "$release" ] || [ "$old" = "$before" ] || rm -rf "$old"
  done
  for old in "$home"/venvs/*; do
    [ "$old" = "$(readlink "$release/venv")" ] || [ "$old" = "$(readlink "$before/venv")" ] || rm -rf "$old"
  done
done

if cmp -s cherokee.conf "$conf"; then
  kept "$conf"
  if running >/dev/null; then kept Cherokee; else load; fi
else
  if [ -e "$conf" ] && ! grep -qxF '${writtenFor(stack)}' "$conf"; then
    copy=$conf.before-slipway
    [ ! -e "$copy" ] || copy=$conf.replaced
    cp -p "$conf" "$copy"
    changed "$copy, a copy of what was there: other sites of it are served no longer"
  fi
  cp cherokee.conf "$conf.slipway"
  mv "$conf.slipway" "$conf"
  changed "$conf"
  load
fi
echo 'Look whether it works: ./install.sh --verify'
`;
}
