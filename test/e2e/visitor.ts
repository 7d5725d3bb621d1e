import { Agent, FormData, request } from "undici";
import type { Site } from "./site.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A browser with cookies, as far as the tests need one; it trusts the site's own certificate and no other. */
export class Visitor {
  readonly #site: Site;
  readonly #agent: Agent;
  readonly #cookies = new Map<string, string>();

  private constructor(site: Site, ca: string) {
    this.#site = site;
    this.#agent = new Agent({ connect: { ca }, connections: 32 });
  }

  static async to(site: Site): Promise<Visitor> {
    return new Visitor(site, await certificate(site));
  }

  /** Another visitor with the same cookies: a second window. */
  async get(path: string): Promise<Answer> {
    return this.#ask("GET", path);
  }

  /** The value of a cookie that the site has set. */
  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** Fetches a page, finds the form by its hidden name and sends it with the fields. */
  async submit(
    path: string,
    form: string,
    fields: Record<string, string | Blob>,
    action = path,
  ): Promise<Answer> {
    const page = await this.get(path);
    const key = page.body
      .split("<form")
      .filter((text) => text.includes(`value="${form}"`))
      .map((text) => /name="_formkey"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="_formkey"/.exec(text))
      .map((match) => match?.[1] ?? match?.[2])[0];
    if (key === undefined) throw new Error(`no form ${form} at ${path}:\n${page.status} ${page.body}`);
    const data = new FormData();
    for (const [name, value] of Object.entries({ _formname: form, _formkey: key, ...fields })) {
      if (typeof value === "string") data.append(name, value);
      else data.append(name, value, "picture.png");
    }
    return this.#ask("POST", action, data);
  }

  async #ask(method: "GET" | "POST", path: string, body?: FormData): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const {
      statusCode,
      headers,
      body: content,
    } = await request(`${this.#site.https}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { ...(cookie && { cookie }) },
      ...(body && { body }),
    });
    for (const line of [headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return { status: statusCode, headers, body: await content.text() };
  }
}

/** The certificate that the edge made for itself. */
export async function certificate(site: Site): Promise<string> {
  return site.exec("edge", "cat", "/var/lib/slipway/tls/chain.pem");
}
