import { Agent, type buildConnector, request } from "undici";

/** How many requests were answered with 200, and what became of the others. */
export interface Impressions {
  readonly good: number;
  readonly bad: readonly string[];
}

export interface VisitorsOptions {
  readonly connect: buildConnector.BuildOptions;
  /** The name that they ask for. @default that of the address */
  readonly host?: string;
}

/** Visitors that open a connection for each request, until they are asked what they saw, at most for four minutes. */
export function visitors(
  count: number,
  url: string,
  { connect, host = new URL(url).host }: VisitorsOptions,
): () => Promise<Impressions> {
  const bad: string[] = [];
  const deadline = Date.now() + 240_000;
  let good = 0;
  let running = true;
  const one = async () => {
    while (running && Date.now() < deadline) {
      const agent = new Agent({ connect, pipelining: 0 });
      try {
        const { statusCode, body } = await request(url, { dispatcher: agent, headers: { host } });
        await body.dump();
        if (statusCode === 200) good += 1;
        else bad.push(`${statusCode}`);
      } catch (error) {
        bad.push(String(error));
      }
      await agent.close();
    }
  };
  const all = Promise.all(Array.from({ length: count }, one));
  return async () => {
    running = false;
    await all;
    return { good, bad };
  };
}
