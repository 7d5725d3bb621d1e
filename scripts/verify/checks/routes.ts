import { type Check, none } from "../check.ts";

export const routes: Check = {
  name: "Every declared route answers over https",
  recipe: "recipe 3",
  async run(site) {
    const answers = await Promise.all(
      site.declared.routes.map(async ({ app, at }) => ({ app, at, ...(await site.ask(at)) })),
    );
    return none(
      answers.flatMap(({ app, at, status, headers, body }) => {
        const seen = `${at} (${app}): ${status}, ${headers["content-type"] ?? "no type"}, ${body.length} bytes`;
        const moved = status >= 300 && status < 400 && headers.location !== undefined;
        const page = status === 200 && headers["content-type"] !== undefined && body.length > 0;
        return page || moved ? [] : [seen];
      }),
      answers.map(({ at, status }) => `${at}: ${status}`).join(", "),
      "200 with a page, or a redirect to one",
    );
  },
};

/** What nobody declared, but web servers and frameworks bring along. */
const UNDECLARED = [
  "examples",
  "welcome",
  "_dashboard",
  "_documentation",
  "_default",
  "_scaffold",
  "_minimal",
  "showcase",
  "cgi-bin/test-cgi",
  "manual/index.html",
  "server-status",
  "server-info",
  "balancer-manager",
  "haproxy",
  "stats",
  "icons/apache_pb.gif",
  "mod_wsgi/server-status",
];

export const onlyNamed: Check = {
  name: "Only the named applications are exposed",
  recipe: "recipes 3 and 20",
  async run(site) {
    const named = new Set(site.apps.flatMap(({ applications }) => applications));
    const routed = site.declared.routes.map(({ at }) => at);
    const paths = UNDECLARED.filter((path) => !named.has(path.split("/")[0] ?? "")).flatMap((path) => [
      `/${path}`,
      `/${path}/`,
      ...site.apps.flatMap(({ applications }) => applications.map((name) => `/${name}/${path}`)),
    ]);
    // Below a prefix only its own application answers.
    const outside = routed.includes("/") ? [] : ["/", site.unheardOf("/"), `${site.home}x`];
    const deviations = await Promise.all(
      [...paths, ...outside].map(async (path) => {
        const { status } = await site.ask(path);
        // What no route leads to is not there (recipe 3); what one leads to, its application answers.
        const good = outside.includes(path)
          ? status === 404
          : [403, 404, await site.strange(path)].includes(status);
        return good ? [] : [`${path}: ${status}`];
      }),
    );
    return none(
      deviations.flat(),
      `${paths.length + outside.length} paths, answered like any that does not exist`,
      "404, or what the application answers to any path",
    );
  },
};
