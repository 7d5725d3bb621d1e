import type { Rule } from "./rule.ts";

export const routesKnownToApplications: Rule = {
  id: "routes-known-to-applications",
  statement: "An application is at a path that it answers at.",
  source:
    "known failure: py4web and web2py look for an application with the name in the path, and answer 404 for ever",
  check: ({ apps, edges }) =>
    edges.flatMap(({ path, routes }) =>
      routes.flatMap(({ app: name, at }) => {
        const mounts = apps.find((app) => app.name === name)?.mounts;
        if (mounts === undefined || mounts.includes(at)) return [];
        return [
          {
            path,
            got: `${at} to ${name}`,
            allowed: mounts.join(", "),
            fix: `Write at: "${mounts.at(-1)}", or rename the folder of the application.`,
          },
        ];
      }),
    ),
};
