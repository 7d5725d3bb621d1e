import { afterEach, describe, expect, test, vi } from "vitest";
import {
  BASE_IMAGE,
  baseImage,
  bootstrapCommand,
  isDiskFull,
  parseProxies,
} from "../../../scripts/setup/base-image.ts";
import { Problem } from "../../../scripts/setup/problem.ts";
import { fakeMachine } from "./fake-machine.ts";

const SERVER = '{"Version":"28.0.0","Arch":"amd64","Os":"linux"}';
const never = new AbortController().signal;

afterEach(() => {
  vi.useRealTimers();
});

test("the suite of the image is bootstrapped, for the architecture of the engine", () => {
  const command = bootstrapCommand(BASE_IMAGE, "arm64", "/tmp/root.tar", [
    'Acquire::http::Proxy "http://p:3128";',
  ]);
  expect(command.slice(-2)).toEqual(["trixie", "/tmp/root.tar"]);
  expect(command).toContain("--architectures=arm64");
  expect(command).toContain('--aptopt=Acquire::http::Proxy "http://p:3128";');
});

test("only the proxies of apt's settings are carried over", () => {
  expect(parseProxies('APT "";\nAcquire::http::Proxy "http://p:3128";\nAcquire::Retries "2";\n')).toEqual([
    'Acquire::http::Proxy "http://p:3128";',
  ]);
});

test("a full disk is told from other failures", () => {
  expect(isDiskFull("write /x: no space left on device")).toBe(true);
  expect(isDiskFull("manifest unknown")).toBe(false);
});

describe("providing it", () => {
  test("pulled is enough", async () => {
    const machine = fakeMachine({ answer: (line) => (line.includes(" pull ") ? {} : undefined) });
    await baseImage(machine).install?.(() => {}, never);
    expect(machine.lines).toEqual([`docker --host unix:///var/run/docker.sock pull ${BASE_IMAGE}`]);
  });

  test("a full disk is not answered with another way to fill it", async () => {
    const machine = fakeMachine({ answer: () => ({ code: 1, stderr: "no space left on device" }) });
    await expect(baseImage(machine).install?.(() => {}, never)).rejects.toThrow(/disk is full/);
    expect(machine.lines).toHaveLength(1);
  });

  test("a registry that says nothing is given up after seconds", async () => {
    vi.useFakeTimers();
    const machine = fakeMachine({ commands: [] });
    const hanging: typeof machine = {
      ...machine,
      root: false,
      run: (command, options) =>
        command.includes("pull")
          ? new Promise((resolve) =>
              options?.signal?.addEventListener("abort", () =>
                resolve({ code: null, stdout: "", stderr: "", timedOut: false }),
              ),
            )
          : Promise.resolve({ code: 0, stdout: SERVER, stderr: "", timedOut: false }),
    };
    const reports: string[] = [];
    const failed = baseImage(hanging)
      .install?.((line) => reports.push(line), never)
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(8000);
    const problem = await failed;
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toHaveProperty("value", expect.stringContaining("no answer within 8 s"));
    expect(problem).toHaveProperty("fix", expect.stringContaining("docker load"));
  });
});
