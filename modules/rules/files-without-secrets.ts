import type { Rule } from "./rule.ts";

const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
/** A password in an address, but not a variable that stands for one. */
const ADDRESS_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@"'<>]*:[^/\s@"'<>${}%[\]()]+@[\w.-]/i;

export const filesWithoutSecrets: Rule = {
  id: "files-without-secrets",
  statement: "Configuration files hold no secrets.",
  source: "known failure: they stand in the plan, in Terraform's state and in the log of whoever deploys",
  check: ({ workloads }) =>
    workloads.flatMap(({ path, workload }) =>
      workload.files
        .filter(({ content }) => PRIVATE_KEY.test(content) || ADDRESS_WITH_PASSWORD.test(content))
        .map((file) => ({
          path,
          got: `${PRIVATE_KEY.test(file.content) ? "a private key" : "an address with a password"} in ${file.path}`,
          allowed: "the path of a file below /run/secrets",
          fix: "Pass it as a Secret, and let the configuration name its file.",
        })),
    ),
};
