import { expect, test } from "vitest";
import { consoleCommand } from "../../../scripts/stack/console-command.ts";
import { inOrder, parseLogLine } from "../../../scripts/stack/log-lines.ts";
import { stackOf } from "../../../scripts/stack/stack.ts";
import { bytes, list, span } from "../../../scripts/stack/words.ts";

test.each([
  [0, "0 s"],
  [119_400, "119 s"],
  [120_000, "2 min"],
  [7_200_000, "2 h"],
  [172_800_000, "2 days"],
  [-5, "0 s"],
])("%i ms is %s", (milliseconds, text) => {
  expect(span(milliseconds)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [64 * 2 ** 20, "64 MiB"],
  [1.5 * 2 ** 30, "1.5 GiB"],
  [14_155_776, "14 MiB"],
])("%i bytes are %s", (count, text) => {
  expect(bytes(count)).toBe(text);
});

test("a list is read like one", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(list)).toEqual(["", "a", "a and b", "a, b and c"]);
});

test("log lines of several nodes come in the order of their times, whatever the digits", () => {
  const line = (text: string) => parseLogLine(text) ?? { time: "", text: "unread" };
  const one = [line("2026-11-23T02:00:00.1Z first"), line("2026-11-23T02:00:02Z last")];
  const two = [line("2026-11-23T02:00:00.123456789Z second"), line("2026-11-23T02:00:01.5Z third")];
  expect(inOrder([one, two]).map(({ text }) => text)).toEqual(["first", "second", "third", "last"]);
  expect(parseLogLine("Error: No such container: x")).toBeUndefined();
});

test.each([
  ["database", ["psql", "--username=postgres", "--dbname=postgres"]],
  ["app", ["/srv/venv/bin/python"]],
  ["edge", ["sh"]],
] as const)("a console in a %s", (role, words) => {
  expect(consoleCommand(role)).toEqual(words);
});

test("a statement is one word, however it is written", () => {
  expect(consoleCommand("database", "select 'a b'; --").at(-1)).toBe("--command=select 'a b'; --");
  expect(consoleCommand("app", "print(1)")).toEqual(["/srv/venv/bin/python", "-c", "print(1)"]);
});

test("proposed ports keep what the variable says already", () => {
  const env = { CDKTF_CONTEXT_JSON: JSON.stringify({ project: "other", dev: { hostname: "localhost" } }) };
  expect(JSON.parse(stackOf("dev", env).contextWith({ ports: { http: 1, https: 2 } }))).toMatchObject({
    project: "other",
    dev: { hostname: "localhost", ports: { http: 1, https: 2 } },
  });
});

test.each(["", "../x", "a b", "-x"])("%j is no stack", (name) => {
  expect(() => stackOf(name)).toThrow("no name of a stack");
});
