import type { Rule } from "./rule.ts";

const SECRET_NAME =
  /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(API|PRIVATE|SECRET|ACCESS|SIGNING|ENCRYPTION)_?KEY)S?$/i;
/** A user and a password before the host of an address. */
const ADDRESS_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

export const environmentWithoutSecrets: Rule = {
  id: "environment-without-secrets",
  statement: "Environment variables hold no secrets.",
  source:
    "known failure: `docker inspect`, crash reports and child processes show the environment to everybody",
  check: ({ workloads }) =>
    workloads.flatMap(({ path, workload }) =>
      Object.entries(workload.environment)
        .filter(([name, value]) => SECRET_NAME.test(name) || ADDRESS_WITH_PASSWORD.test(value))
        .map(([name]) => ({
          path,
          got: `variable ${name}`,
          allowed: `${name}_FILE with the path of a file below /run/secrets`,
          fix: "Pass it as a Secret: it arrives as a file that only the application can read.",
        })),
    ),
};
