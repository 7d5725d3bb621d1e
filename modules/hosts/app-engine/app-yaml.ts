import { stringify } from "yaml";
import { Size } from "../../values/size.ts";
import { APP_YAML, type AppYaml } from "./app-yaml-schema.ts";

/** Memory of each class, https://docs.cloud.google.com/appengine/docs/standard#instance_classes */
const CLASSES = [
  ["F1", Size.mebibytes(384)],
  ["F2", Size.mebibytes(768)],
  ["F4", Size.mebibytes(1536)],
  ["F4_1G", Size.mebibytes(3072)],
] as const;
/** What an instance has in /tmp, which is memory: the code, and what the application writes there. */
const TEMPORARY = Size.mebibytes(96);
/** The one that the applications and their packages were tried with, and that App Engine supports. */
export const RUNTIME = "python313";

/** Static files that App Engine serves by itself. */
export interface UploadedFiles {
  /** Path on the site. */
  readonly path: string;
  /** Below the folder of `app.yaml`. */
  readonly folder: string;
}

export interface AppEngineService {
  readonly instanceClass: InstanceClass;
  /** The most instances: as many as the stack has nodes, for that is what the database allows. */
  readonly instances: number;
  /** Requests that an instance works on at a time. */
  readonly concurrency: number;
  readonly statics: readonly UploadedFiles[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it reaches a database by a private address. */
  readonly hasDatabase: boolean;
}

export type InstanceClass = (typeof CLASSES)[number][0];

/** The smallest class for a node with so much memory; undefined where there is none. */
export function instanceClassFor(memory: Size): InstanceClass | undefined {
  return CLASSES.find(([, size]) => size.bytes >= memory.bytes + TEMPORARY.bytes)?.[0];
}

/** The text of `app.yaml`. */
export function appYaml(service: AppEngineService): string {
  const { instanceClass, instances, concurrency, statics, environment, hasDatabase } = service;
  const content: AppYaml = {
    runtime: RUNTIME,
    entrypoint: "gunicorn --config gunicorn.conf.py main:app",
    instance_class: instanceClass,
    automatic_scaling: {
      min_instances: 0,
      max_instances: instances,
      max_concurrent_requests: Math.min(concurrency, 1000),
    },
    env_variables: { ...environment },
    ...(hasDatabase && {
      vpc_access_connector: {
        name: "projects/PROJECT_ID/locations/REGION/connectors/slipway",
        egress_setting: "private-ranges-only",
      },
    }),
    handlers: [
      ...statics.flatMap(staticHandlers),
      { url: "/.*", script: "auto", secure: "always", redirect_http_response_code: 301 },
    ],
  };
  return `# Written by Slipway for the standard environment of App Engine.\n${stringify(APP_YAML.parse(content))}`;
}

function staticHandlers({ path, folder }: UploadedFiles): NonNullable<AppYaml["handlers"]> {
  const common = {
    secure: "always",
    http_headers: { "X-Content-Type-Options": "nosniff" },
  } as const;
  return [
    // A version in the address: the file behind it never changes.
    {
      url: `${path}/_\\d+\\.\\d+\\.\\d+/(.+)`,
      static_files: `${folder}/\\1`,
      upload: `${folder}/.+`,
      expiration: "365d",
      ...common,
    },
    { url: path, static_dir: folder, expiration: "1h", ...common },
  ];
}
