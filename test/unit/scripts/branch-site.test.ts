import { expect, test } from "vitest";
import { branchSite } from "../../../scripts/branch/branch-site.ts";

test("a branch has a project and two ports of its own, always the same", () => {
  const { project, ports } = branchSite("slipway", "login");
  expect(project).toBe("slipway-login");
  expect(ports.https).toBe(ports.http + 1);
  expect(ports.http).toBeGreaterThanOrEqual(20_000);
  expect(ports.https).toBeLessThan(32_768);
  expect(branchSite("slipway", "login")).toEqual({ project, ports });
});

test("names that differ in what a host name cannot have, or late, do not meet", () => {
  const branches = ["feature/login", "feature-login", "Feature-Login", "a".repeat(40), "a".repeat(41), "ä"];
  const projects = branches.map((branch) => branchSite("slipway", branch).project);
  expect(new Set(projects).size).toBe(branches.length);
  for (const project of projects) expect(project).toMatch(/^slipway-[a-z0-9]+(-[a-z0-9]+)*$/);
});

test.each(["", "HEAD"])("without a branch (%j) there is none", (branch) => {
  expect(() => branchSite("slipway", branch)).toThrow(/no branch/);
});
