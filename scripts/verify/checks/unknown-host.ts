import { type Check, none } from "../check.ts";
import { send } from "../connection.ts";

export const unknownHost: Check = {
  name: "A name that is not the site's is refused",
  recipe: "recipe 3",
  async run(site) {
    const ask = (host: string) => send(site, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const plain = await site.ask("/", { plain: true, headers: { host: "evil.example" } });
    const secure = await ask("evil.example");
    const dotted = await ask(`${site.hostname}.evil.example`);
    const nameless = await send(site, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    const seen: readonly [string, number, readonly number[]][] = [
      ["http to evil.example", plain.status, [421]],
      ["https to evil.example", secure.status, [421]],
      [`https to ${site.hostname}.evil.example`, dotted.status, [421]],
      ["https without a name", nameless.status, [400]],
    ];
    return none(
      seen.flatMap(([what, status, wanted]) => (wanted.includes(status) ? [] : [`${what}: ${status}`])),
      seen.map(([, status]) => status).join(", "),
      "421, and 400 without a name",
    );
  },
};
