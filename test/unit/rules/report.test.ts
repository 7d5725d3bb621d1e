import { describe, expect, test } from "vitest";
import { report } from "../../../modules/rules/report.ts";
import type { Waiver } from "../../../modules/rules/rule.ts";
import { RULES } from "../../../modules/rules/rules.ts";
import { Name } from "../../../modules/values/name.ts";
import { Size } from "../../../modules/values/size.ts";
import { cache, database, described, edge, front, nodes } from "../../support/description.ts";

const REASON = "an old client needs it until June";
const rooted = described({ workloads: [database({ user: 0 }), cache(), nodes(), front()] });
const rootedTwice = described({ workloads: [database({ user: 0 }), cache({ user: 0 }), nodes(), front()] });
const places = (paragraphs: readonly string[]) => paragraphs.map((paragraph) => paragraph.split(":")[0]);

test("nothing is said of a good environment", () => {
  expect(report(described(), [])).toEqual([]);
});

test("a paragraph has the place, the value, what is allowed, the fix and the reason", () => {
  expect(report(rooted, [])).toEqual([
    [
      "prod/db: No workload runs as root, but for a start that takes a capability along to the user it is for.",
      "    got      user 0",
      "    allowed  a user other than 0",
      "    fix      Create a user in the image and name its number.",
      "    why      CIS Docker Benchmark 4.1: a way out of the container is then a way to root on the host; the engine gives no capability to a process that does not start as root (rule processes-unprivileged)",
    ].join("\n"),
  ]);
});

test("all violations of all rules are said at once, in the order of the rules", () => {
  const environment = described({
    workloads: [
      database({ user: 0, limits: { memory: Size.of("1 MiB") } }),
      cache(),
      nodes({ user: 0 }),
      front(),
    ],
    edges: [edge({ certificate: "self-signed" })],
  });
  expect(report(environment, []).map((paragraph) => /\(rule (.*)\)/.exec(paragraph)?.[1])).toEqual([
    "memory-for-connections",
    "certificate-trusted",
    "processes-unprivileged",
    "processes-unprivileged",
    "memory-for-the-job",
  ]);
});

describe("the list of rules", () => {
  test("has each rule once", () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(RULES.length).toBeGreaterThanOrEqual(35);
  });

  test.each(RULES.map((rule) => [rule.id, rule] as const))("%s has a statement and a source", (id, rule) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.statement).toMatch(/^[A-Z].*\.$/);
    expect(rule.source).toMatch(/^(recipes? \d|known failure: |CIS |RFC \d)/);
  });
});

describe("a waiver", () => {
  const everywhere: Waiver = { rule: "processes-unprivileged", reason: REASON };

  test("sets a rule aside everywhere", () => {
    expect(report(rootedTwice, [everywhere])).toEqual([]);
  });

  test("sets a rule aside at one path only", () => {
    expect(places(report(rootedTwice, [{ ...everywhere, path: "prod/db" }]))).toEqual(["prod/cache"]);
  });

  test("sets no other rule aside", () => {
    const environment = described({
      workloads: [database({ user: 0, limits: { memory: Size.of("1 MiB") } })],
    });
    expect(report(environment, [everywhere]).join()).toContain("(rule memory-for-the-job)");
  });

  test.each(["", "  ", "because", "   because   "])("with the reason %j is reported", (reason) => {
    expect(report(rooted, [{ ...everywhere, reason }])).toEqual([
      `waiver for processes-unprivileged: reason "${reason}" says too little; write why the rule may be broken here.`,
    ]);
  });

  test("that nothing needs is reported", () => {
    expect(report(described(), [everywhere])).toEqual([
      "waiver for processes-unprivileged: nothing breaks this rule; remove the waiver.",
    ]);
    expect(
      report(rooted, [
        { ...everywhere, path: "prod/db" },
        { ...everywhere, path: "prod/cache" },
      ]),
    ).toEqual([
      "waiver for processes-unprivileged: nothing breaks this rule at prod/cache; remove the waiver.",
    ]);
  });

  test("written twice is reported, because the second one sets nothing aside", () => {
    expect(report(rooted, [everywhere, { ...everywhere }])).toHaveLength(1);
  });
});

test("a name with the path of a waiver is compared as a whole", () => {
  const environment = described({ workloads: [database({ user: 0, name: Name.of("db-2") })] });
  const waivers: Waiver[] = [{ rule: "processes-unprivileged", path: "prod/db", reason: REASON }];
  expect(report(environment, waivers)).toHaveLength(2);
});
