import { type Check, failed, pass } from "../check.ts";

export const redirect: Check = {
  name: "Plain http leads to https and keeps path, query and public port",
  recipe: "recipe 2",
  async run(site) {
    const path = "/a/b%20c?d=e%2Ff&g=h";
    const { status, headers } = await site.ask(path, { plain: true });
    const wanted = site.url(path);
    const seen = `${status} to ${headers.location ?? "nowhere"}`;
    return status === 308 && headers.location === wanted ? pass(seen) : failed(seen, `308 to ${wanted}`);
  },
};
