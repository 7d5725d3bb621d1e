import { connect, constants } from "node:http2";
import { type Check, failed, pass } from "../check.ts";
import { get } from "../connection.ts";
import type { Site } from "../site.ts";

const SECONDS = 10;

export const protocols: Check = {
  name: "HTTP/1.1 and HTTP/2 are both spoken",
  recipe: "recipe 2",
  async run(site) {
    const [one, two] = await Promise.all([get(site, "/"), http2(site)]);
    const seen = `http/1.1: ${one.status}, h2: ${two}`;
    return one.status === 200 && two === 200 ? pass(seen) : failed(seen, "200 from both");
  },
};

function http2(site: Site): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${site.hostname}:${site.ports.https}`, {
      ca: site.ca,
      lookup: site.lookup,
    });
    session.setTimeout(SECONDS * 1000, () => session.destroy(new Error(`no answer within ${SECONDS} s`)));
    session.once("error", reject);
    const stream = session.request({ [constants.HTTP2_HEADER_PATH]: "/" });
    stream.once("error", reject);
    stream.once("response", (headers) => {
      stream.close();
      session.close();
      resolve(Number(headers[":status"]));
    });
  });
}
