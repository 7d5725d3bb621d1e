import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Site } from "./site.ts";
import { certificate } from "./visitor.ts";

/** The longest load, in milliseconds. */
const LIMIT = 600_000;

/** What the application `ledger` was told to write down, and said that it has. */
export class Ledger {
  readonly acknowledged = new Set<string>();
  readonly #site: Site;
  readonly #ca: string;

  private constructor(site: Site, ca: string) {
    this.#site = site;
    this.#ca = ca;
  }

  static async of(site: Site): Promise<Ledger> {
    return new Ledger(site, await certificate(site));
  }

  /** Writes over so many connections until it is stopped, whatever becomes of single requests. */
  write(connections: number): () => Promise<void> {
    const agent = new Agent({ connect: { ca: this.#ca }, connections });
    const deadline = Date.now() + LIMIT;
    let running = true;
    const one = async () => {
      while (running && Date.now() < deadline) {
        const id = randomUUID();
        const isWritten = await this.#post(agent, id).catch(() => false);
        if (isWritten) this.acknowledged.add(id);
        else await sleep(50);
      }
    };
    const all = Promise.all(Array.from({ length: connections }, one));
    return async () => {
      running = false;
      await all;
      await agent.close();
    };
  }

  async #post(dispatcher: Agent, id: string): Promise<boolean> {
    const { statusCode, body } = await request(`${this.#site.https}/?id=${id}`, {
      method: "POST",
      dispatcher,
      headersTimeout: 20_000,
    });
    await body.dump();
    return statusCode === 200;
  }
}
