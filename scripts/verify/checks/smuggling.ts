import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Check, none } from "../check.ts";
import { authority, type Conversation, converse } from "../connection.ts";
import type { Site } from "../site.ts";

/** What a server says to what is no request; 405 is not among them, as an application says it too. */
const REFUSALS = [400, 411, 413, 414, 421, 431, 501, 505];
/** Until the access log has it. */
const LOG_SECONDS = 1;

/** A request that two servers may read in two ways. */
interface Shape {
  readonly name: string;
  /**
   * What RFC 9112 asks for: to refuse it, or at least to read it in one way only, without the request that is hidden
   * in it.
   */
  readonly must: "refuse" | "hide nothing";
  /** @param hidden a whole request, which nobody may ever answer */
  write(site: Written, hidden: string): string;
}

/** What all shapes begin with. */
interface Written {
  readonly home: string;
  readonly host: string;
}

const post = ({ home, host }: Written, headers: readonly string[], body: string) =>
  `${[`POST ${home} HTTP/1.1`, `Host: ${host}`, "Content-Type: application/x-www-form-urlencoded", ...headers].join("\r\n")}\r\n\r\n${body}`;

/** The body ends for who reads chunks, and goes on for who counts. */
const ended = (name: string, headers: readonly string[], must: Shape["must"]): Shape => ({
  name,
  must,
  write: (site, hidden) => {
    const body = `0\r\n\r\n${hidden}`;
    return post(site, [`Content-Length: ${body.length}`, ...headers], body);
  },
});

/** The body ends for who counts, and goes on for who reads chunks. */
const counted = (name: string, headers: readonly string[], must: Shape["must"]): Shape => ({
  name,
  must,
  write: (site, hidden) => {
    const size = hidden.length.toString(16);
    return post(
      site,
      [`Content-Length: ${size.length + 2}`, ...headers],
      `${size}\r\n${hidden}\r\n0\r\n\r\n`,
    );
  },
});

/** A length that is none; the hidden request stands where a body of that length ends. */
const length = (written: string): Shape => ({
  name: `Content-Length: ${written}`,
  must: "refuse",
  write: (site, hidden) => post(site, [`Content-Length: ${written}`], `a=b&c${hidden}`),
});

/** A chunk that does not begin with its size. */
const chunk = (name: string, head: string): Shape => ({
  name,
  must: "refuse",
  write: (site, hidden) =>
    post(site, ["Transfer-Encoding: chunked"], `${head}\r\na=b&c\r\n0\r\n\r\n${hidden}`),
});

/** A head that is not one; without a body, so that the hidden request would simply be the next one. */
const head = (
  name: string,
  lines: (site: Written) => readonly string[],
  must: Shape["must"] = "refuse",
  end = "\r\n",
): Shape => ({
  name,
  must,
  write: (site) => `${lines(site).join(end)}${end}${end}`,
});

const CHUNKED = "Transfer-Encoding: chunked";

const FRAMING: readonly Shape[] = [
  ended("CL.TE", [CHUNKED], "hide nothing"),
  counted("TE.CL", [CHUNKED], "hide nothing"),
  ...[
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: identity, chunked, identity",
    'Transfer-Encoding: "chunked"',
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
    "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding:\tchunked",
    "Transfer-Encoding: chunked\t",
    "Transfer-Encoding: CHUNKED",
    "Transfer-Encoding:\r\n chunked",
    "Transfer-Encoding: chu\tnked",
  ].flatMap((line) => [
    ended(`${shown(line)}, ended`, [line], "hide nothing"),
    counted(`${shown(line)}, counted`, [line], "hide nothing"),
  ]),
  ...[
    "Transfer-Encoding : chunked",
    " Transfer-Encoding: chunked",
    "Transfer-Encoding:\vchunked",
    "Transfer-Encoding: \0chunked",
    "X: y\rTransfer-Encoding: chunked",
  ].map((line) => ended(shown(line), [line], line.startsWith(" ") ? "hide nothing" : "refuse")),
  // Other names and values: who counts is right, and nobody behind may see chunks.
  ...[
    "X: y\r\n Transfer-Encoding: chunked",
    "Transfer_Encoding: chunked",
    "Transfer-Encoding-X: chunked",
  ].map((line) => ended(shown(line), [line], "hide nothing")),
  ended("Transfer-Encoding behind a bare LF", ["X: y\nTransfer-Encoding: chunked"], "hide nothing"),
  ...["+5", "-5", "5 5", "0x5", "5,6", "5;", "5e0", "٥", "", "5\0", "99999999999999999999999"].map(length),
  {
    name: "two lengths",
    must: "refuse",
    write: (site, hidden) =>
      post(site, ["Content-Length: 5", `Content-Length: ${hidden.length + 5}`], `a=b&c${hidden}`),
  },
  {
    name: "a length with a space before the colon",
    must: "refuse",
    write: (site, hidden) => post(site, ["Content-Length : 5"], `a=b&c${hidden}`),
  },
  {
    name: "a folded length",
    must: "hide nothing",
    write: (site, hidden) => post(site, [`Content-Length:\r\n ${hidden.length}`], hidden),
  },
  chunk("chunk size 5;", "5;ext\n"),
  chunk("chunk size +5", "+5"),
  chunk("chunk size 0x5", "0x5"),
  chunk("chunk size -5", "-5"),
  chunk("chunk size 5 junk", "5 junk"),
  chunk("chunk size beyond 64 bits", "10000000000000005"),
  {
    name: "a chunk longer than its size",
    must: "refuse",
    write: (site, hidden) => post(site, [CHUNKED], `5\r\na=b&cXX\r\n0\r\n\r\n${hidden}`),
  },
  {
    name: "a trailer that frames anew",
    must: "hide nothing",
    write: (site, hidden) =>
      post(site, [CHUNKED], `5\r\na=b&c\r\n0\r\nContent-Length: ${hidden.length}\r\n\r\n`),
  },
  {
    name: "a length in HTTP/1.0 with chunks",
    must: "hide nothing",
    write: (site, hidden) =>
      ended("", [CHUNKED], "hide nothing").write(site, hidden).replace("HTTP/1.1", "HTTP/1.0"),
  },
];

const HEADS: readonly Shape[] = [
  head("HTTP/0.9", ({ home }) => [`GET ${home}`]),
  head("HTTP/3.7", ({ home, host }) => [`GET ${home} HTTP/3.7`, `Host: ${host}`], "hide nothing"),
  head("HTTP/1.1 junk", ({ home, host }) => [`GET ${home} HTTP/1.1 junk`, `Host: ${host}`]),
  head("a version in lower case", ({ home, host }) => [`GET ${home} http/1.1`, `Host: ${host}`]),
  head("a space in the path", ({ home, host }) => [`GET ${home} evil HTTP/1.1`, `Host: ${host}`]),
  head("a NUL in a value", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X: a\0b"]),
  head("a NUL in a name", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X\0Y: a"]),
  head("a NUL in the path", ({ home, host }) => [`GET ${home}\0 HTTP/1.1`, `Host: ${host}`]),
  head("a bare CR", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X: a\rY: b"]),
  head("a name with a space", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X Y: a"]),
  head("a space before the colon", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X : a"]),
  head("a line without a colon", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "no header"]),
  head("an empty name", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, ": a"]),
  head("a first line that is folded", ({ home, host }) => [`GET ${home} HTTP/1.1`, ` X: a`, `Host: ${host}`]),
  head("two hosts", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "Host: evil.example"]),
  head("two hosts in one", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}, evil.example`]),
  head("a host with a user", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}@evil.example`]),
  head("a host with a path", ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}/evil`]),
  head("an address of another site", ({ host }) => ["GET https://evil.example/ HTTP/1.1", `Host: ${host}`]),
  head(
    "an address, and another host",
    ({ home, host }) => [`GET https://${host}${home} HTTP/1.1`, "Host: evil.example"],
    "hide nothing",
  ),
  head(
    "a folded header",
    ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X: a", " b"],
    "hide nothing",
  ),
  head(
    "lines that end in bare LF",
    ({ home, host }) => [`GET ${home} HTTP/1.1`, `Host: ${host}`, "X: a"],
    "hide nothing",
    "\n",
  ),
];

export const smuggling: Check = {
  name: "No request can be hidden in another one by telling its length in two ways",
  recipe: "recipe 3; RFC 9112, sections 6 and 11.2",
  run: (site) => tryAll(site, FRAMING),
};

export const malformed: Check = {
  name: "What is no HTTP request is refused",
  recipe: "recipe 3; RFC 9112, sections 2, 3 and 5",
  run: (site) => tryAll(site, HEADS),
};

async function tryAll(site: Site, shapes: readonly Shape[]) {
  const since = new Date(Date.now() - 1000);
  const tried = await Promise.all(shapes.map((shape) => tryOne(site, shape)));
  await sleep(LOG_SECONDS * 1000);
  const containers = site.containers.filter(
    ({ role, state }) => (role === "edge" || role === "app") && state === "running",
  );
  const logs = (await Promise.all(containers.map((one) => site.engine.logs(one, since)))).join("\n");
  const deviations = tried.flatMap(({ shape, mark, conversation }) => {
    const fault = faultOf(shape, mark, conversation, logs);
    return fault === undefined ? [] : [`${shape.name}: ${fault}`];
  });
  const refused = tried.filter(({ conversation }) => isRefusal(conversation)).length;
  return none(
    deviations,
    `${shapes.length} shapes, ${refused} refused, nothing hidden was answered`,
    "refused, or read in one way only",
  );
}

interface Tried {
  readonly shape: Shape;
  readonly mark: string;
  readonly conversation: Conversation;
}

async function tryOne(site: Site, shape: Shape): Promise<Tried> {
  const host = authority(site);
  const mark = `smuggled-${randomBytes(6).toString("hex")}`;
  const base = site.home === "/" ? "" : site.home;
  const hidden = `GET ${base}/${mark} HTTP/1.1\r\nHost: ${host}\r\nX-Pad: 1\r\n\r\n`;
  const second = `GET ${base}/after-${mark.slice(-12)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const conversation = await converse(site, shape.write({ home: site.home, host }, hidden), { second });
  return { shape, mark, conversation };
}

/** Nothing was answered at all, or the first answer says that this was no request. */
function isRefusal({ statuses, closed }: Conversation): boolean {
  const [first] = statuses;
  return first === undefined ? closed : REFUSALS.includes(first);
}

function faultOf(
  { must }: Shape,
  mark: string,
  conversation: Conversation,
  logs: string,
): string | undefined {
  const { statuses, text } = conversation;
  const answers = statuses.join(", ") || "no answer";
  // A request line in an access log stands in quotes.
  if (logs.includes(`"GET /${mark} `) || new RegExp(`"GET /\\S*${mark} `).test(logs))
    return `the hidden request was taken for one (${answers})`;
  if (text.includes(mark) && statuses.length > 1) return `the hidden request was answered (${answers})`;
  if (statuses.length > 2) return `${statuses.length} answers to two requests (${answers})`;
  if (/evil/.test(text.split("\r\n\r\n")[0] ?? "")) return "the answer speaks of evil";
  if (must === "refuse" && !isRefusal(conversation))
    return `${answers}${conversation.closed ? "" : ", still open"}`;
  return undefined;
}

function shown(line: string): string {
  return JSON.stringify(line).slice(1, -1).replaceAll("\\u000b", "\\v").replaceAll("\\u0000", "\\0");
}
