import type { Rule } from "./rule.ts";

export const ticketsWithinReach: Rule = {
  id: "tickets-within-reach",
  statement: "Tickets are collected from a folder that all nodes share.",
  source: "recipe 17; known failure: a node's own files are out of reach for a job, and go with the node",
  check: ({ apps }) =>
    apps
      .filter(({ jobs }) => jobs.some(({ task }) => task === "collect-tickets"))
      .flatMap(({ path, name, kind, sharedFolders }) => {
        if (kind === "wsgi") {
          return [
            {
              path,
              got: "a job that collects tickets of a plain WSGI application",
              allowed: "one for web2py or py4web, which write them",
              fix: `Remove Job.collectTickets from ${name}; its errors are in the log.`,
            },
          ];
        }
        if (sharedFolders !== undefined) return [];
        return [
          {
            path,
            got: "a job that collects tickets, and no shared folders",
            allowed: "shared folders, where nodes leave their tickets",
            fix: `Write ${name}.uses(shared).`,
          },
        ];
      }),
};
