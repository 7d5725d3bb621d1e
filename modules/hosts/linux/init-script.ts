import { shellWord as word } from "../shell-word.ts";
import type { Service } from "./service.ts";

const SIGNAL = /^SIG/;

/**
 * A script of System V for the same service, with the actions and exit codes of the Linux Standard Base (LSB 5, Core,
 * chapter 22). It asks for nothing but util-linux, so that every distribution runs it.
 */
export function initScript(service: Service): string {
  const { name, needs, stop, privilegedPort } = service;
  const capabilities = privilegedPort ? "-all,+net_bind_service" : "-all";
  const rights = [
    '--reuid "$account" --regid "$account" --init-groups --no-new-privs',
    `--bounding-set=${capabilities} --inh-caps=${capabilities}`,
    ...(privilegedPort ? [`--ambient-caps=${capabilities}`] : []),
  ].join(" ");
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${name}
# Required-Start:    $network $remote_fs
# Required-Stop:     $network $remote_fs
# Should-Start:      ${needs.join(" ")}
# Should-Stop:       ${needs.join(" ")}
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: ${service.description}
### END INIT INFO
# chkconfig: 2345 85 15
# Written by Slipway.
set -u
name=${name}
account=${service.account}
run=/run/${service.run}
log=${service.log}
# The number of the process and when it began, since a number is given again: proc(5), stat, field 22.
pidfile=$run.pid

began() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
running() {
  [ -r "$pidfile" ] && read -r pid start <"$pidfile" && [ -n "$pid" ] && [ "$(began "$pid")" = "$start" ]
}
as() {
  setpriv ${rights} -- "$@"
}

start() {
  if running; then
    return 0
  fi
  [ -r ${service.environment} ] || { echo "$name: it is not installed" >&2; exit 5; }
  install -d -m 0755 "$(dirname "$run")"
  install -d -o "$account" -g "$account" -m 0750 "$run" "$run/tmp"
${service.sockets === undefined ? "" : `  [ -d ${service.sockets} ] || install -d -o "$account" -g "$account" -m 2775 ${service.sockets}\n`}${service.mounts
  .map(({ path }) => `  mountpoint -q ${path} || { echo "$name: ${path} is not mounted" >&2; return 1; }\n`)
  .join("")}  set -a
  # shellcheck source=/dev/null
  . ${service.environment}
  set +a
  umask 027
  cd ${word(service.directory)} || exit 1
  # No function here: the number would be that of a shell in between.
  setpriv ${rights} -- setsid ${service.command.map(word).join(" ")} </dev/null >>"$log" 2>&1 &
  pid=$!
  export MAINPID="$pid"
  echo "$pid $(began "$pid")" >"$pidfile"
  sleep 1
  running || { echo "$name: it ended at once; $log says why" >&2; return 1; }
${
  service.after === undefined
    ? ""
    : `  as ${service.after.map(word).join(" ")} </dev/null >>"$log" 2>&1 || { echo "$name: $log says what failed" >&2; return 1; }\n`
}}

stop() {
  running || { rm -f "$pidfile"; return 0; }
  kill -s ${stop.signal.replace(SIGNAL, "")} "$pid"
  waited=0
  while running; do
    if [ "$waited" -ge ${stop.grace} ]; then
      kill -s KILL "-$pid" 2>/dev/null || kill -s KILL "$pid"
    fi
    [ "$waited" -lt ${stop.grace + 10} ] || { echo "$name: process $pid does not end" >&2; return 1; }
    sleep 1
    waited=$((waited + 1))
  done
  rm -f "$pidfile"
}

case \${1:-} in
  start) start ;;
  stop) stop ;;
  restart | force-reload) stop && start ;;
  try-restart | condrestart)
    running || exit 0
    stop && start
    ;;
  status)
    if running; then
      echo "$name runs as process $pid"
    elif [ -e "$pidfile" ]; then
      echo "$name ended, and was not stopped"
      exit 1
    else
      echo "$name does not run"
      exit 3
    fi
    ;;
  reload) exit 3 ;;
  *)
    echo "usage: $0 {start|stop|restart|try-restart|force-reload|status}" >&2
    exit 2
    ;;
esac
`;
}
