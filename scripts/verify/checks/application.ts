import { type Check, failed, pass } from "../check.ts";

export const application: Check = {
  name: "The application answers over https",
  recipe: "recipe 3",
  async run(site) {
    const { status, headers, body } = await site.ask("/");
    const type = `${headers["content-type"] ?? "no type"}`;
    const seen = `${status}, ${type}, ${body.length} bytes`;
    const good = status === 200 && type.startsWith("text/html") && body.length > 0;
    return good ? pass(seen) : failed(seen, "200 with a page");
  },
};
