import type { Rule } from "./rule.ts";

/** Of these nobody knows how they were chosen; a program is one that keeps passwords, such as `pass`. */
const CHOSEN_BY_A_PERSON: readonly (string | undefined)[] = ["file", "environment", "composed"];

export const adminPasswordGenerated: Rule = {
  id: "admin-password-generated",
  statement: "In production an administration that everybody reaches has a password that nobody chose.",
  source:
    "recipes 2 and 11: the password is then all that keeps the whole internet from running code on the nodes",
  check: ({ purpose, apps, edges }) =>
    purpose === "development"
      ? []
      : edges
          .filter(({ admin }) => admin === "over-tls")
          .flatMap(({ path, routes }) =>
            apps
              .filter(({ name }) => routes.some((route) => route.app === name))
              .filter(({ adminPassword }) => CHOSEN_BY_A_PERSON.includes(adminPassword))
              .map((app) => ({
                path: app.path,
                got: `a password of the kind ${app.adminPassword}, while the administration is open over TLS at ${path}`,
                allowed: "a generated one, or an administration behind a tunnel",
                fix: 'Write admin: Secret.generated("admin-password") in the source, or admin: Admin.throughTunnel() in the edge.',
              })),
          ),
};
