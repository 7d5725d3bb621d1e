import { expect, test } from "vitest";
import { Host } from "../../../modules/hosts/host.ts";
import { sshProblem } from "../../../scripts/stack/ssh-problem.ts";

const host = Host.of({ name: "web-1", address: "ssh://deploy@192.0.2.1", hostKeys: ["ssh-ed25519 AAAA"] });
const client = (said: string) =>
  `error during connect: Get "http://docker.example.com/v1.24/version": command [ssh -l deploy -- 192.0.2.1 docker system dial-stdio] has exited with exit status 255, please make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=${said}`;

test.each([
  [
    "@@@@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n@@@@\nHost key verification failed.\n",
    "another key",
  ],
  [
    "No ED25519 host key is known for web-1 and you have requested strict checking.\nHost key verification failed.",
    "another key",
  ],
  ["deploy@192.0.2.1: Permission denied (publickey).", "does not let deploy in"],
  ["sh: 1: docker: not found", "no Docker"],
  ["bash: line 1: docker: command not found", "no Docker"],
  ["ssh: connect to host 192.0.2.1 port 22: Connection refused", "does not answer"],
  ["kex_exchange_identification: Connection closed by remote host", "refuses connections at the moment"],
  ["ssh: Could not resolve hostname web: Name or service not known", "does not answer"],
])("%j", (said, expected) => {
  const { message } = sshProblem(host, client(said));
  expect(message).toContain(expected);
  expect(message).toContain("web-1");
  expect(message).not.toMatch(/docker\.example\.com|@@@/);
});

test.each([
  [
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    "may not use Docker",
  ],
  [
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "does not run",
  ],
])("of the engine: %s", (said, expected) => {
  expect(sshProblem(host, said).message).toContain(expected);
});
