import type { ContextFile } from "../export/exported-stack.ts";
import { REDHAT_REPOSITORIES } from "./redhat-repositories.ts";
import type { Repository } from "./repository.ts";

/** What distributions of Linux call the same thing. */
export interface Family {
  readonly name: "debian" | "redhat";
  /** In words. */
  readonly description: string;
  /** Packages that an image stands for; undefined for one that has no counterpart on a host. */
  packages(image: string, context: ReadonlyMap<string, ContextFile>): readonly string[] | undefined;
  /** Where packages come from that a new machine does not find. */
  readonly repositories: readonly Repository[];
  /** Services that those packages start by themselves, on ports that are ours. */
  readonly ownServices: readonly string[];
  /** Where the programs of a major version of PostgreSQL are. */
  postgresPrograms(version: number): string;
  /** Text of the containers' files, which are Debian's, and what it is here. */
  readonly texts: readonly (readonly [from: string, to: string])[];
  /** What packages are called that Debian has under another name. */
  readonly names: Readonly<Record<string, string>>;
  /** What programs are that containers call by their names, as the first word of a command or behind another program. */
  readonly programs: Readonly<Record<string, string>>;
  /** Programs that its policy of SELinux lets listen on ports of one type alone, by image, and the ports that it knows. */
  readonly confined: Readonly<Record<string, { readonly type: string; readonly ports: readonly number[] }>>;
  /** Folder of System V's scripts. */
  readonly initFolder: string;
}

/** Of an application's server, a line each. */
function serverPackages(context: ReadonlyMap<string, ContextFile>): readonly string[] {
  const text = context.get("server-packages.txt")?.content.toString() ?? "";
  return text.split("\n").filter((name) => name !== "");
}

/** Whether an image has an application in it. */
export const isApp = (context: ReadonlyMap<string, ContextFile>) => context.has("server-packages.txt");
/** Major version of PostgreSQL that an image has. */
export function postgresOf(image: string): number | undefined {
  const [, version] = /^postgres-(\d+)$/.exec(image) ?? [];
  return version === undefined ? undefined : Number(version);
}

const DEBIAN: Readonly<Record<string, readonly string[]>> = {
  apache: ["apache2", "ca-certificates", "curl", "media-types", "openssl"],
  memcached: ["memcached"],
  haproxy: ["curl", "haproxy"],
  // A compiler, as a module of it is made for the very version that runs.
  lighttpd: [
    "curl",
    "gcc",
    "libc6-dev",
    "lighttpd",
    "lighttpd-mod-openssl",
    "lighttpd-modules-lua",
    "media-types",
    "openssl",
    "xz-utils",
  ],
  pound: ["curl", "pound"],
};

/** Debian 13, whose versions the texts of the containers are written for. */
export const debian: Family = {
  name: "debian",
  description: "Debian 13, with systemd or System V",
  packages(image, context) {
    if (isApp(context)) {
      return ["ca-certificates", "curl", "python3", "python3-venv", ...serverPackages(context)];
    }
    const version = postgresOf(image);
    return version === undefined ? DEBIAN[image] : [`postgresql-${version}`];
  },
  repositories: [],
  ownServices: ["apache2", "memcached", "haproxy", "lighttpd", "pound"],
  postgresPrograms: (version) => `/usr/lib/postgresql/${version}/bin`,
  texts: [],
  names: {},
  programs: { memcached: "/usr/bin/memcached" },
  confined: {},
  initFolder: "/etc/init.d",
};

const REDHAT: Readonly<Record<string, readonly string[]>> = {
  apache: ["ca-certificates", "curl", "httpd", "mailcap", "mod_http2", "mod_lua", "mod_ssl", "openssl"],
  memcached: ["memcached"],
  haproxy: ["curl", "haproxy"],
  pound: ["curl", "Pound"],
};
/** What the packages beside an application are called in EPEL and in the distribution, which has some of them in parts. */
const REDHAT_SERVERS: Readonly<Record<string, readonly string[]>> = {
  "uwsgi-core": ["uwsgi"],
  apache2: ["httpd", "mod_http2", "mod_lua", "mod_ssl"],
  "libapache2-mod-wsgi-py3": ["python3-mod_wsgi"],
  "media-types": ["mailcap"],
};

/** Red Hat Enterprise Linux 10 with EPEL and PGDG, Fedora and their relatives. */
export const redhat: Family = {
  name: "redhat",
  description: "Red Hat Enterprise Linux 10 with EPEL and PGDG, and its relatives",
  packages(image, context) {
    if (isApp(context)) {
      const servers = serverPackages(context).flatMap((name) => REDHAT_SERVERS[name] ?? [name]);
      return ["ca-certificates", "curl", "python3", "python3-pip", ...servers];
    }
    const version = postgresOf(image);
    return version === undefined ? REDHAT[image] : [`postgresql${version}-server`];
  },
  repositories: REDHAT_REPOSITORIES,
  ownServices: ["httpd", "memcached", "haproxy", "pound"],
  postgresPrograms: (version) => `/usr/pgsql-${version}/bin`,
  texts: [
    // The whole path: a text is replaced once, and that of the folder is a part of it.
    ["/usr/lib/apache2/modules/mod_wsgi.so", "/usr/lib64/httpd/modules/mod_wsgi_python3.so"],
    ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"],
    ["/etc/apache2", "/etc/httpd"],
    ["exec apache2", "exec httpd"],
    ["apache2 -D FOREGROUND", "httpd -D FOREGROUND"],
    // Compiled in on Debian, and modules here.
    [
      "LoadModule mpm_event_module",
      ["log_config", "logio", "unixd", "watchdog"]
        .map((name) => `LoadModule ${name}_module /usr/lib64/httpd/modules/mod_${name}.so\n`)
        .join("")
        .concat("LoadModule mpm_event_module"),
    ],
    // Of OpenSSL 3.5.
    ["X25519MLKEM768:X25519", "X25519"],
  ],
  programs: { apache2: "httpd", memcached: "/usr/bin/memcached" },
  names: { iproute2: "iproute", "nfs-common": "nfs-utils" },
  // systemd starts it by the path that the policy knows; the others are started by scripts of ours.
  confined: { memcached: { type: "memcache_port_t", ports: [11211] } },
  initFolder: "/etc/rc.d/init.d",
};
