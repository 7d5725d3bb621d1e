import { App as Cdktf } from "cdktf";
import { describe, expect, test } from "vitest";
import { checkContext, projectContext } from "../../../modules/environment/context.ts";
import { explain } from "../../../modules/environment/explain.ts";
import { settingsOf } from "../../../modules/environment/settings.ts";
import { targetOf } from "../../../modules/environment/target.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const appWith = (context: Record<string, unknown>) => new Cdktf({ outdir: temporaryFolder(), context });

function said(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    return explain(error);
  }
  throw new Error("the context was accepted");
}

describe("what is exported for a moment", () => {
  test("changes what it names, at every depth, and nothing beside it", () => {
    const CDKTF_CONTEXT_JSON = JSON.stringify({
      dev: { ports: { http: 81 }, aliases: [] },
      project: "other",
    });
    const { dev, prod, project } = projectContext({ CDKTF_CONTEXT_JSON }) as Record<string, object>;
    const written = projectContext({}) as { dev: { ports: object }; prod: object };
    expect(dev).toEqual({ ...written.dev, aliases: [], ports: { ...written.dev.ports, http: 81 } });
    expect(prod).toEqual(written.prod);
    expect(project).toBe("other");
  });
});

describe("the target", () => {
  test("of a stack without context is this machine", () => {
    const target = targetOf(appWith({}), "dev");
    expect(target.hostname.text).toBe("localhost");
    expect(target.aliases).toEqual([]);
    expect(target.address).toBe("127.0.0.1");
    expect([target.ports.http.number, target.ports.https.number]).toEqual([8080, 8443]);
  });

  test("takes what the context says", () => {
    const dev = {
      hostname: "Shop.Example.org",
      aliases: ["www.shop.example.org", "192.0.2.1"],
      address: "::1",
      ports: { http: 80, https: 443 },
    };
    const target = targetOf(appWith({ dev }), "dev");
    expect([target.hostname, ...target.aliases].map(String)).toEqual([
      "shop.example.org",
      "www.shop.example.org",
      "192.0.2.1",
    ]);
    expect(target.address).toBe("::1");
    expect(target.ports.https.number).toBe(443);
  });

  test("has the hosts that the context names, and without any this machine", () => {
    const [none] = targetOf(appWith({}), "prod").hosts;
    expect([none?.engine, none?.roles]).toEqual([undefined, ["manager", "web", "db", "storage", "edge"]]);
    const hosts = [
      {
        name: "web-1",
        address: "ssh://deploy@203.0.113.10:2222",
        hostKeys: ["ssh-ed25519 AAAA"],
        roles: ["web"],
      },
      { name: "rig-2", address: "unix:///run/rig/2.sock" },
    ];
    const target = targetOf(appWith({ prod: { hosts } }), "prod");
    expect(target.hosts.map(({ name, engine, roles }) => [`${name}`, engine, roles.length])).toEqual([
      ["web-1", "ssh://deploy@203.0.113.10:2222", 1],
      ["rig-2", "unix:///run/rig/2.sock", 5],
    ]);
    expect(target.host).toBe(target.hosts[0]);
  });

  const unix = { name: "a", address: "unix:///a.sock" };
  test.each([
    ["no host", [], 'context prod.hosts "[]"'],
    ["a role that there is not", [{ ...unix, roles: ["webb"] }], 'context prod.hosts.0.roles.0 "webb"'],
    [
      "an unknown key",
      [{ ...unix, key: "x" }],
      'context prod.hosts.0.key "x": allowed is one of name, address',
    ],
    ["one name twice", [unix, { ...unix, address: "unix:///b.sock" }], 'context prod.hosts "a"'],
    ["one engine twice", [unix, { ...unix, name: "b" }], 'context prod.hosts "unix:///a.sock"'],
    ["a host without keys", [{ name: "a", address: "ssh://a.example.org" }], 'hostKeys of the host a "none"'],
  ])("refuses %s", (_, hosts, said_) => {
    const message = said(() => targetOf(appWith({ prod: { hosts } }), "prod"));
    expect(message).toContain(`✗ Invalid ${said_}`);
    expect(message).not.toContain("\n");
  });

  test("goes by CDKTF_CONTEXT_JSON first", () => {
    process.env.CDKTF_CONTEXT_JSON = JSON.stringify({ dev: { hostname: "review.example.org" } });
    try {
      expect(targetOf(appWith({ dev: { hostname: "shop.example.org" } }), "dev").hostname.text).toBe(
        "review.example.org",
      );
    } finally {
      delete process.env.CDKTF_CONTEXT_JSON;
    }
  });

  const port = "a whole number from 1 to 65535";
  test.each([
    ["a port that there is not", { ports: { http: 99_999, https: 443 } }, "dev.ports.http", "99999", port],
    ["port 0", { ports: { http: 80, https: 0 } }, "dev.ports.https", "0", port],
    ["half a port", { ports: { http: 80.5, https: 443 } }, "dev.ports.http", "80.5", port],
    ["a port in quotes", { ports: { http: "80", https: 443 } }, "dev.ports.http", "80", port],
    ["a port left out", { ports: { http: 80 } }, "dev.ports.https", "nothing", port],
    [
      "an unknown key",
      { hostnam: "shop" },
      "dev.hostnam",
      "shop",
      "one of hostname, aliases, address, ports, hosts",
    ],
    [
      "an unknown port",
      { ports: { http: 80, https: 443, quic: 443 } },
      "dev.ports.quic",
      "443",
      "one of http, https, admin",
    ],
    ["a list", [], "dev", "[]", "an object with the keys hostname, aliases, address, ports, hosts"],
    ["a name as the address", { address: "shop" }, "dev.address", "shop", "an IPv4 or IPv6 address"],
    ["an alias that is no text", { aliases: ["a", 5] }, "dev.aliases.1", "5", "a host name"],
    ["an alias that is no list", { aliases: "www" }, "dev.aliases", "www", "a list of host names"],
  ])("refuses %s in one line", (_, dev, key, got, allowed) => {
    expect(said(() => targetOf(appWith({ dev }), "dev"))).toBe(
      `✗ Invalid context ${key} "${got}": allowed is ${allowed}. Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON.`,
    );
  });

  test.each([
    [
      { hostname: "https://shop.example.org/" },
      'Leave out the scheme, leave out the path, write "shop.example.org"',
    ],
    [{ aliases: ["my_shop"] }, 'Use hyphens for underscores, write "my-shop"'],
    [{ hostname: "shop.example.org\nServerName x" }, 'Write a name such as "shop.example.org"'],
  ])("refuses the host name of %j in one line", (dev, fix) => {
    const message = said(() => targetOf(appWith({ dev }), "dev"));
    expect(message).toMatch(/^✗ Invalid hostname /);
    expect(message).not.toContain("\n");
    expect(message).toContain(fix);
  });
});

describe("the settings", () => {
  test("have defaults", () => {
    expect(settingsOf(appWith({}))).toEqual({ project: "slipway", directory: ".slipway" });
  });

  test.each([
    [{ project: "My Shop" }, '✗ Invalid name "My Shop"'],
    [{ project: 5 }, '✗ Invalid context project "5"'],
    [{ directory: "" }, '✗ Invalid context directory ""'],
    [{ directory: null }, '✗ Invalid context directory "null"'],
  ])("refuse %j", (context, beginning) => {
    const message = said(() => settingsOf(appWith(context)));
    expect(message?.startsWith(beginning)).toBe(true);
    expect(message).not.toContain("\n");
  });
});

describe("the keys of the context", () => {
  const exported = (context: unknown) => ({ CDKTF_CONTEXT_JSON: JSON.stringify(context) });

  test("are the stacks, and settings of the project", () => {
    expect(() =>
      checkContext(["dev", "prod", "staging"], exported({ project: "shop", dev: {} })),
    ).not.toThrow();
  });

  test("that are nearly the name of a stack are refused, with the names that there are", () => {
    const attempt = () => checkContext(["dev", "prod", "staging"], exported({ devv: {} }));
    expect(said(attempt)).toContain('"devv": allowed is the name of a stack: dev, prod');
  });

  test("of cdktf.json are none of the business of an app with other stacks", () => {
    expect(() => checkContext(["hello"], exported({ hello: {} }))).not.toThrow();
    expect(() => checkContext(["hello"], exported({ helo: {} }))).toThrow("helo");
  });
});
