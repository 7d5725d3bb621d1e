/**
 * What is generated is what the daemons take: for random valid models, by the images' own `check`, which is what runs
 * before a start and before a reconfiguration.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Lighttpd } from "../../modules/edge/lighttpd/lighttpd.ts";
import type { Build } from "../../modules/engine/build.ts";
import { stageContext } from "../../modules/engine/build-context.ts";
import type { ConfigFile, Workload } from "../../modules/engine/workload.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import { report } from "../../modules/rules/report.ts";
import { InvalidValue } from "../../modules/values/invalid-value.ts";
import { anyBalancer, balancerOf } from "../support/arbitrary-balancer.ts";
import {
  type AnyServer,
  anyEdge,
  anyServer,
  CERTIFIED,
  type EdgeFiles,
  edgeOf,
} from "../support/arbitrary-edge.ts";
import { certificateFiles, TestAuthority } from "../support/certificates.ts";
import { sandbox } from "../support/sandbox.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { folderOf } from "../support/web2py.ts";
import { extent } from "./extent.ts";
import { ok, run } from "./run.ts";

/** Of all models; another one finds other mistakes. */
const SEED = 20_260;
/** Of each daemon. */
const MODELS = extent(300, 1000);

/** A model, and the workload that it becomes. */
interface Configuration {
  readonly model: unknown;
  readonly workload: Workload;
}

let files: EdgeFiles;

beforeAll(() => {
  const authority = new TestAuthority(temporaryFolder());
  const { certificate, key } = authority.issue("revocable", CERTIFIED, {
    extensions: "authorityInfoAccess=OCSP;URI:http://ocsp.example.org\n",
  });
  files = {
    certificates: { silent: certificateFiles(CERTIFIED), responder: { chain: certificate, key } },
    authority: authority.certificate,
    web2py: folderOf([
      "gluon/main.py",
      "applications/shop/controllers/default.py",
      "applications/blog/controllers/default.py",
    ]),
  };
});

/** So many valid models: those that neither a value object nor a rule refuses. */
function configurations<T>(
  many: number,
  models: fc.Arbitrary<T>,
  make: (environment: Environment, model: T) => { workloads(): readonly Workload[] },
): Configuration[] {
  const made: Configuration[] = [];
  const refusals = new Map<string, number>();
  for (const model of fc.sample(models, { seed: SEED, numRuns: Math.ceil(many * 1.5) })) {
    if (made.length === many) break;
    const environment = sandbox("production");
    try {
      const [workload] = make(environment, model).workloads();
      const problems = report(environment.describe(), []).filter((text) => !BESIDE.test(text));
      if (workload !== undefined && problems.length === 0) made.push({ model, workload });
      for (const problem of problems) {
        const why = /\(rule (.*)\)/.exec(problem)?.[1] ?? problem;
        refusals.set(why, (refusals.get(why) ?? 0) + 1);
      }
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      refusals.set(error.what, (refusals.get(error.what) ?? 0) + 1);
    }
  }
  expect(made, `valid models; refused were ${JSON.stringify([...refusals])}`).toHaveLength(many);
  return made;
}

/** Rules about what no configuration of an edge or a balancer says. */
const BESIDE = /\(rule (certificate-trusted|edge-has-routes|memory-[a-z-]+|stop-grace)\)/;

/** Where each `check` looks first. */
const FOLDER = "/etc/slipway";

const LOOP = `
set -u
cd /configurations
count=0
for configuration in *; do
  rm -rf ${FOLDER}/*
  cp -R "$configuration${FOLDER}/." ${FOLDER}/
  cat "$configuration/hosts" > /etc/hosts
  complaint=$(check 2>&1) || printf '%s\\n%s\\n\\0' "$configuration" "$complaint"
  count=$((count + 1))
done
printf 'checked %s\\0' "$count"
`;

/**
 * Has the image's own `check` judge them all, in one container without a network.
 * @returns what it said, for those that it refused.
 */
async function refused(all: readonly Configuration[]): Promise<{ model: unknown; complaint: string }[]> {
  const [first] = all;
  if (first === undefined) throw new Error("no configurations");
  const image = await built(first.workload.image);
  const folder = temporaryFolder();
  // One that must not pass: otherwise nothing was checked.
  const spoilt = { model: "spoilt", workload: spoil(first.workload) };
  const judged = [...all, spoilt];
  for (const [at, { workload }] of judged.entries()) lay(join(folder, "all", String(at)), workload);
  const certificate = readable(join(folder, "certificate"), files.certificates.silent);
  const at = (chain: string, key: string) => [
    ...["--volume", `${certificate.chain}:${chain}:ro`],
    ...["--volume", `${certificate.key}:${key}:ro`],
  ];
  const output = await ok(
    "docker",
    [
      ...["run", "--rm", "--network", "none", "--entrypoint", "timeout"],
      ...["--volume", `${writable(join(folder, "slipway"))}:${FOLDER}`],
      ...["--volume", `${join(folder, "all")}:/configurations:ro`],
      ...["--volume", `${hosts(folder)}:/etc/hosts`],
      ...(first.workload.role === "edge"
        ? [
            ...at("/run/secrets/tls-chain", "/run/secrets/tls-key"),
            ...at("/var/lib/slipway/tls/chain.pem", "/var/lib/slipway/tls/key.pem"),
          ]
        : []),
      ...[image, "240", "sh", "-c", LOOP],
    ],
    { limit: 270 },
  );
  const parts = output.split("\0").map((part) => part.trim());
  expect(parts).toContain(`checked ${judged.length}`);
  const found = parts.slice(0, parts.indexOf(`checked ${judged.length}`)).map((part) => {
    const [index = "", ...complaint] = part.split("\n");
    return { model: judged[Number(index)]?.model, complaint: complaint.join("\n") };
  });
  expect(found.map(({ model }) => model)).toContain("spoilt");
  return found.filter(({ model }) => model !== "spoilt");
}

/** Clients from 23 on need a plugin for BuildKit, which not every machine has; that of Debian's engine brings it along. */
async function builder(): Promise<string> {
  const { code } = await run("docker", ["buildx", "version"]);
  return code === 0 ? "docker" : "/usr/bin/docker";
}

async function built(build: Build): Promise<string> {
  const { hash, folder } = stageContext(build, temporaryFolder());
  const tag = `slipway-test-configurations/${build.name}:${hash}`;
  const args = Object.entries(build.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await ok(await builder(), ["build", "--quiet", "--tag", tag, ...args, folder], {
    env: { DOCKER_BUILDKIT: "1" },
    limit: 600,
  });
  return tag;
}

/** As the engine delivers them, and the addresses of the nodes. */
function lay(folder: string, { files: delivered, user }: Workload): void {
  expect(user).toBeGreaterThan(0);
  for (const { path, content } of delivered) {
    expect(dirname(path)).toBe(FOLDER);
    write(join(folder, path), content);
  }
  const names = delivered
    .find(({ path }) => path === `${FOLDER}/nodes`)
    ?.content.matchAll(/([a-z0-9-]+):\d+/g);
  const lines = [...(names ?? [])].flatMap(([, name], at) => [
    // One is away, and two of a kind answer while a release is rolled out.
    ...(at % 7 === 6 ? [] : [`172.20.0.${at + 1} ${name}\n`]),
    ...(at % 3 === 2 ? [`172.20.1.${at + 1} ${name}\n`] : []),
  ]);
  write(join(folder, "hosts"), `127.0.0.1 localhost\n${lines.join("")}`);
}

/** A directive that no daemon knows, where they all know better. */
function spoil(workload: Workload): Workload {
  const spoilt = ({ path, content }: ConfigFile): ConfigFile =>
    /\.(conf|cfg)$/.test(path) ? { path, content: `${content}\nno-such-directive "\n` } : { path, content };
  return { ...workload, files: workload.files.map(spoilt) };
}

/** For the user of the image. */
function writable(folder: string): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  return folder;
}

function hosts(folder: string): string {
  const path = join(folder, "hosts");
  write(path, "");
  chmodSync(path, 0o666);
  return path;
}

function readable(folder: string, { chain, key }: { readonly chain: string; readonly key: string }) {
  const copies = { chain: join(folder, "chain.pem"), key: join(folder, "key.pem") };
  write(copies.chain, readFileSync(chain, "utf8"));
  write(copies.key, readFileSync(key, "utf8"));
  return copies;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o644 });
}

/** Fails with the first ones, and how to have them again. */
function expectAccepted(found: readonly { model: unknown; complaint: string }[]): void {
  const shown = found
    .slice(0, 3)
    .map(({ model, complaint }) => `${JSON.stringify(model, undefined, 2)}\n${complaint}`)
    .join("\n\n");
  expect(found, `with seed ${SEED} refused were ${found.length}, such as\n${shown}`).toHaveLength(0);
}

const edges = (many: number, server: AnyServer) =>
  configurations(many, anyEdge(server), (environment, model) => edgeOf(environment, server, model, files));

describe(`${MODELS} valid models`, () => {
  test("are good configurations to Apache", async () => {
    expectAccepted(await refused(edges(MODELS * 0.7, anyServer(Apache.modProxy()))));
    expectAccepted(await refused(edges(MODELS * 0.3, anyServer(Apache.modWsgi()))));
  });

  test("are good configurations to lighttpd", async () => {
    const servers = [Lighttpd.fastCgi(), Lighttpd.fastCgi({ over: "tcp" }), Lighttpd.proxy()];
    const shares = [0.5, 0.25, 0.25];
    const all = servers.flatMap((server, at) => edges(MODELS * (shares[at] ?? 0), anyServer(server)));
    expectAccepted(await refused(all));
  });

  test.each(["haproxy", "pound"] as const)("are good configurations to %s", async (daemon) => {
    expectAccepted(await refused(configurations(MODELS, anyBalancer(daemon), balancerOf)));
  });
});
