import type { Host } from "../../modules/hosts/host.ts";
import { lastLines } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";

/** What ssh, or Docker's client by it, said about a host that could not be used, as something to mend. */
export function sshProblem(
  host: Host,
  said: string,
  { timedOut = false, user = host.ssh?.user ?? "your user" }: { timedOut?: boolean; user?: string } = {},
): Problem {
  const { name, ssh } = host;
  const value = timedOut ? "no answer in time" : lastLines(words(said), 6);
  if (
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed|No \S+ host key is known/.test(said)
  ) {
    return new Problem({
      what: `The host ${name} shows another key than the one that is pinned: it was set up anew, or it is not that host.`,
      value,
      allowed: host.hostKeys.join("\n"),
      fix: "compare with cat /etc/ssh/ssh_host_*_key.pub on the host's own console; only when it is the host, write its key into hostKeys in cdktf.json",
    });
  }
  if (/Permission denied \(|Too many authentication failures/.test(said)) {
    return new Problem({
      what: `The host ${name} does not let ${user} in.`,
      value,
      allowed:
        "a key of your own in ~/.ssh, in ssh-agent, or named by identity in cdktf.json, which the host knows",
      fix: `ssh-add your key; npm run bootstrap puts it on a new host`,
    });
  }
  if (/docker(?:: command)? not found|docker: not found|executable file not found/.test(said)) {
    return new Problem({
      what: `There is no Docker on the host ${name}.`,
      value,
      fix: "npm run bootstrap -- <stack> prepares it",
    });
  }
  if (/permission denied while trying|dial unix .*permission denied/i.test(said)) {
    return new Problem({
      what: `On the host ${name}, ${user} may not use Docker.`,
      value,
      fix: "npm run bootstrap -- <stack> puts the user into the group docker",
    });
  }
  if (/Cannot connect to the Docker daemon/.test(said)) {
    return new Problem({
      what: `Docker does not run on the host ${name}.`,
      value,
      fix: "systemctl status docker tells why, there; npm run bootstrap -- <stack> mends what it can",
    });
  }
  // After several connections that came to nothing sshd answers none for a while (PerSourcePenalties of OpenSSH 9.8).
  if (/kex_exchange_identification: .*(closed|reset)/i.test(said)) {
    return new Problem({
      what: `The host ${name} refuses connections at the moment, before it says which host it is.`,
      value,
      fix: "wait a minute: after several attempts that failed an SSH server answers none; then mend the first thing that it says",
    });
  }
  return new Problem({
    what: `The host ${name} does not answer.`,
    value,
    allowed: `a host that SSH reaches at ${ssh?.hostname} port ${ssh?.port}`,
    fix: "see that it runs and that the network leads there, then try again",
  });
}

/** Docker's client puts what ssh said behind a sentence of its own, and ssh a frame around it. */
function words(said: string): string {
  return said
    .replace(/^[\s\S]*?stderr=/, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[@ ]+$/.test(line))
    .join("\n");
}
