import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Swarm } from "../../../modules/engine/swarm.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { Host } from "../../../modules/hosts/host.ts";
import { NfsServer, type NfsServerProps } from "../../../modules/nfs-server/nfs-server.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { shareDevice } from "../../../modules/storage/storage.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";
import { synthesize } from "../../support/synthesis.ts";

const NEIGHBOURS = { address: "10.0.0.20", clients: ["10.0.0.0/24"] };

function workloadOf(props: NfsServerProps, purpose: "development" | "production" = "development") {
  const [workload] = new NfsServer(sandbox(purpose), "files", props).workloads();
  if (workload === undefined) throw new Error("nothing runs");
  return workload;
}

const contentOf = (props: NfsServerProps, path = "/etc/slipway/ganesha.conf") =>
  workloadOf(props).files.find((file) => file.path === path)?.content ?? "";

describe("what is refused", () => {
  test.each(["0.0.0.0", "::"])("every address, %s, and why", (address) => {
    expect(() => workloadOf({ ...NEIGHBOURS, address })).toThrow("trusts the addresses of its clients");
  });

  test.each(["fd00::20", "files.example.org", ""])("an address that is none of IPv4, %j", (address) => {
    expect(() => workloadOf({ ...NEIGHBOURS, address })).toThrow('such as "10.0.0.20"');
  });

  test("nobody who may mount it, where others than its host could", () => {
    expect(() => workloadOf({ address: "10.0.0.20" })).toThrow('Write clients: ["10.0.0.20/32"]');
    expect(() => workloadOf({ address: "10.0.0.20", clients: [] })).toThrow("clients of an NFS server");
    expect(() => workloadOf({ address: "127.0.0.1" })).not.toThrow();
  });

  test("a network that is none", () => {
    expect(() => workloadOf({ ...NEIGHBOURS, clients: ["10.0.0.7/24"] })).toThrow('Write "10.0.0.0/24"');
  });
});

describe("the workload", () => {
  test("is one instance that stops first, on one address", () => {
    const { replicas, release, ports } = workloadOf({ ...NEIGHBOURS, port: 12_049 });
    expect({ replicas, release }).toEqual({ replicas: 1, release: "stop-first" });
    expect(ports.map(({ address, host, container }) => `${address}:${host}->${container}`)).toEqual([
      "10.0.0.20:12049->2049",
    ]);
  });

  test("lets its own host in, whose kernel mounts for its containers", () => {
    expect(contentOf(NEIGHBOURS)).toContain("Clients = 10.0.0.20, 10.0.0.0/24;");
    expect(contentOf({ address: "127.0.0.1" })).toContain("Clients = @gateway@;");
  });

  test("may name files by handles, and may do nothing that gets out of a container", () => {
    const { systemCalls, capabilities } = workloadOf(NEIGHBOURS);
    expect(capabilities).toEqual(["DAC_READ_SEARCH", "SETUID", "SETGID"]);
    expect(systemCalls).toContain("name_to_handle_at");
    const dangerous = ["mount", "unshare", "setns", "ptrace", "bpf", "keyctl", "clone", "init_module"];
    for (const call of dangerous) expect(systemCalls).not.toContain(call);
    expect(new Set(systemCalls).size).toBe(systemCalls?.length);
  });

  test("keeps its files in production; what it remembers of clients outlives its container as well", () => {
    const kept = (purpose: "development" | "production") =>
      workloadOf(NEIGHBOURS, purpose).volumes.map(
        ({ path, volume: { keep } }) => `${path} ${keep ? "kept" : "made"}`,
      );
    expect(kept("production")).toEqual(["/files kept", "/var/lib/nfs/ganesha made"]);
    expect(kept("development")).toEqual(["/files made", "/var/lib/nfs/ganesha made"]);
  });
});

describe("the storage", () => {
  test("is an NFS mount of it, with its port where that is not the usual one", () => {
    const mount = (props: Partial<NfsServerProps> = {}) =>
      new NfsServer(sandbox(), "files", { ...NEIGHBOURS, ...props }).storage.driverOptions("shop/uploads");
    expect(mount()).toMatchObject({ type: "nfs", device: ":/files/shop/uploads" });
    expect(mount().o).toMatch(/^addr=10\.0\.0\.20,nfsvers=4\.2,/);
    expect(mount({ port: 12_049 }).o).toMatch(/^addr=10\.0\.0\.20,port=12049,nfsvers=4\.2,/);
  });

  test("is on the disk of its files, so a database there is seen", () => {
    const { storage } = new NfsServer(sandbox(), "files", {
      ...NEIGHBOURS,
      on: LocalDisk.folder("/srv/one"),
    });
    expect(shareDevice(storage, LocalDisk.folder("/srv/one"))).toBe(true);
    expect(shareDevice(storage, LocalDisk.folder("/srv/two"))).toBe(false);
    expect(storage.servedBy?.text).toBe("files");
  });
});

describe("a stack with it", () => {
  const compose = (scope: ConstructorParameters<typeof Environment>[0]) => {
    const environment = new Environment(scope, "site", { engine: Docker.local(), purpose: "development" });
    const files = new NfsServer(environment, "files", { address: "127.0.0.1" });
    const shared = new SharedFolders(environment, "shared", { on: files.storage });
    const app = new App(environment, "hello", { source: hello(), nodes: 2 });
    app.uses(shared);
  };
  const { resource } = synthesize(compose).terraform("site");
  const dependsOn = (node: string) => resource.docker_container[node]?.depends_on;

  test("waits with the nodes until it serves, and makes no container depend on another", () => {
    for (const node of ["hello-1", "hello-2"])
      expect(dependsOn(node)).toEqual(["terraform_data.hello-folders", "terraform_data.files-serves"]);
    expect(resource.terraform_data?.["hello-folders"]).toMatchObject({
      depends_on: ["terraform_data.files-serves"],
    });
    expect(dependsOn("files")).toBeUndefined();
    // Through a reference to the container, the nodes' create-before-destroy would reach it.
    const waiting = JSON.stringify(resource.terraform_data?.["files-serves"]);
    expect(waiting).toContain("container inspect");
    expect(waiting).not.toContain("docker_container.files");
  });

  test("allows it a list of system calls, and no more than the engine allows to everybody else", () => {
    const profile = (node: string) =>
      resource.docker_container[node]?.security_opts.find((option) => option.startsWith("seccomp="));
    expect(profile("hello-1")).toBeUndefined();
    const { defaultAction, syscalls } = JSON.parse(profile("files")?.slice("seccomp=".length) ?? "{}");
    expect(defaultAction).toBe("SCMP_ACT_ERRNO");
    expect(syscalls[0].names).toContain("name_to_handle_at");
    // Threads, but no namespaces.
    expect(syscalls[1]).toMatchObject({
      names: ["clone"],
      args: [{ op: "SCMP_CMP_MASKED_EQ", valueTwo: 0 }],
    });
  });
});

test("on a Swarm it is refused, with what to do instead", () => {
  const hosts = [Host.of({ name: "one", address: "unix:///run/one.sock" })];
  expect(() =>
    synthesize((scope) => {
      const environment = new Environment(scope, "site", { engine: Swarm.of(hosts), purpose: "development" });
      new NfsServer(environment, "files", NEIGHBOURS);
    }),
  ).toThrow(/A file server of the stack runs on the engine of one host[\s\S]*Nfs\.v4/);
});
