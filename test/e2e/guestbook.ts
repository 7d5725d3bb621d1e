import { expect } from "vitest";
import type { Answer, Visitor } from "./visitor.ts";

/** Asks until each of the two nodes has answered. */
export async function fromBothNodes(visitor: Visitor, path: string): Promise<Answer[]> {
  const answers = new Map<string, Answer>();
  for (let attempt = 0; attempt < 60 && answers.size < 2; attempt += 1) {
    const answer = await visitor.get(path);
    const node = /guestbook-\d/.exec(answer.body)?.[0];
    if (node !== undefined) answers.set(node, answer);
  }
  expect([...answers.keys()].sort()).toEqual(["guestbook-1", "guestbook-2"]);
  return [...answers.values()];
}
