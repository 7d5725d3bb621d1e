import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Check, none } from "../check.ts";
import type { Site } from "../site.ts";

/** Shorter texts would be found by chance. */
const SHORTEST_SECRET = 8;
/** Ports of PostgreSQL and memcached. */
const PORTS = { database: 5432, cache: 11211 } as const;

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly User: string };
  readonly HostConfig: {
    readonly Privileged: boolean;
    readonly NetworkMode: string;
    readonly PidMode: string;
    readonly Binds: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
  };
  readonly NetworkSettings: {
    readonly Ports: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    >;
  };
}

export const onlyEdgePublishes: Check = {
  name: "Only the edge publishes ports, and only its own",
  recipe: "recipe 11; known failure: Docker's address translation goes around the firewall of the host",
  inside: true,
  async run(site) {
    const inspected = await inspect(site);
    const { ports, admin } = site.declared;
    const deviations = site.containers.flatMap(({ name, role }) => {
      const own = inspected.find(({ Name }) => Name === `/${name}`);
      const bindings = Object.values(own?.NetworkSettings.Ports ?? {}).flatMap((each) => each ?? []);
      const published = bindings.filter(({ HostIp, HostPort }) => {
        if (role !== "edge") return true;
        // The tunnel ends at the loopback interface of the host. Other edges of the stack have ports of their own.
        const tunnel = admin === "through-tunnel" && HostIp === "127.0.0.1";
        return name === site.edge.name && ![ports.http, ports.https].includes(Number(HostPort)) && !tunnel;
      });
      const host = own?.HostConfig.NetworkMode === "host";
      return published.length > 0 || host
        ? [`${name} publishes ${host ? "everything" : JSON.stringify(published)}`]
        : [];
    });
    return none(deviations, `${inspected.length} containers`, "no published port but the edge's");
  },
};

export const unprivileged: Check = {
  name: "No container is privileged or runs as root, and each has a memory limit",
  recipe: "recipe 1",
  inside: true,
  async run(site) {
    const deviations: string[] = [];
    const inspected = await inspect(site);
    for (const { Id, Name, Config, HostConfig } of inspected) {
      const problems = [
        HostConfig.Privileged && "is privileged",
        HostConfig.PidMode === "host" && "sees the host's processes",
        !HostConfig.CapDrop?.includes("ALL") && "keeps capabilities",
        !HostConfig.SecurityOpt?.some((option) => option.startsWith("no-new-privileges")) &&
          "may gain privileges",
        HostConfig.Binds?.some((bind) => bind.includes("docker.sock")) && "has the engine's socket",
        HostConfig.Memory === 0 && "has no memory limit",
        /^(0|root|)(:|$)/.test(Config.User) && `has user ${JSON.stringify(Config.User)}`,
      ].filter((problem) => typeof problem === "string");
      const host = site.containers.find(({ id }) => id === Id)?.host;
      const status = await site.engine.docker(["exec", Id, "cat", "/proc/1/status"], {
        ...(host && { host }),
      });
      const user = status.match(/^Uid:\s+(\d+)/m)?.[1];
      if (user === "0") problems.push("runs as root");
      deviations.push(...problems.map((problem) => `${Name.slice(1)} ${problem}`));
    }
    return none(deviations, `${inspected.length} containers`, "users, no capabilities, limits");
  },
};

export const secretsHidden: Check = {
  name: "No secret shows in docker inspect",
  recipe: "recipe 10; known failure: environment variables are for everybody to read",
  inside: true,
  async run(site) {
    const folder = site.stack.secretsFolder;
    const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith(".draft"));
    const text = (await inspectedOf(site)).join("\n");
    const deviations: string[] = [];
    let count = 0;
    for (const name of names) {
      const value = (await readFile(join(folder, name), "utf8")).trim();
      if (value.length < SHORTEST_SECRET) continue;
      count++;
      const written = [value, JSON.stringify(value).slice(1, -1), Buffer.from(value).toString("base64")];
      if (written.some((form) => text.includes(form))) deviations.push(`the secret ${name} shows`);
    }
    return none(deviations, `${count} secrets, none of them in it`, "no value of a secret");
  },
};

export const dataUnreachable: Check = {
  name: "Database and cache can't be reached from the edge, by name or by address",
  recipe: "recipe 11",
  inside: true,
  async run(site) {
    const inside = site.apps.filter(({ name }) => !site.containers.some(({ workload }) => workload === name));
    if (inside.length > 0)
      return none([], `${inside.map(({ name }) => name).join(", ")} runs in the edge itself`, "");
    const targets = site.containers.filter(({ role }) => role in PORTS);
    const deviations: string[] = [];
    const attempts = targets.map(async ({ host, id, node, role }) => {
      const port = PORTS[role as keyof typeof PORTS];
      const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
      const words = ["container", "inspect", "--format", format, id];
      const text = await site.engine.docker(words, { host });
      const reached = [node, ...text.trim().split(/\s+/)].map(async (name) => {
        if (await reaches(site, name, port)) deviations.push(`the edge reaches ${node} at ${name}:${port}`);
      });
      await Promise.all(reached);
    });
    await Promise.all(attempts);
    // The probe itself must be able to succeed, or its failures prove nothing.
    if (!(await reaches(site, "127.0.0.1", 8443)))
      deviations.push("the probe does not even reach the edge itself");
    return none(deviations, targets.map(({ node }) => node).join(", "), "no connection");
  },
};

async function reaches({ edge, engine }: Site, host: string, port: number): Promise<boolean> {
  const script = `timeout 3 bash -c 'exec 3<>/dev/tcp/${host}/${port}' 2>/dev/null && echo yes || echo no`;
  return (await engine.docker(["exec", edge.id, "sh", "-c", script], { host: edge.host })).trim() === "yes";
}

async function inspect(site: Site): Promise<readonly Inspected[]> {
  return (await inspectedOf(site)).flatMap((text) => JSON.parse(text));
}

/** What each host tells of its containers of the stack. */
function inspectedOf({ containers, engine }: Site): Promise<readonly string[]> {
  const hosts = [...new Set(containers.map(({ host }) => host))];
  return Promise.all(
    hosts.map((host) => {
      const ids = containers.filter((one) => one.host === host).map(({ id }) => id);
      return engine.docker(["container", "inspect", ...ids], { host });
    }),
  );
}
