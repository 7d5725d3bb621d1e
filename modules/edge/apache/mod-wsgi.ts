/**
 * An edge and the application behind it in one container, by mod_wsgi (recipe 1).
 *
 * Both have the same user, the application's (docs/decisions/0008-mod-wsgi-users.md).
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ContextPart } from "../../engine/build.ts";
import type { Workload } from "../../engine/workload.ts";
import type { Duration } from "../../values/duration.ts";
import { Size } from "../../values/size.ts";

const SERVER_PACKAGES = "server-packages.txt";
/** Packages of Debian that an edge needs beside the server. */
const EDGE_PACKAGES = ["media-types", "openssl"];

/** The workload of an edge, with the application's node in it. */
export function embed(edge: Workload, node: Workload): Workload {
  return {
    ...edge,
    image: {
      // An edge of this kind is an image of its own for each application.
      name: node.image.name,
      context: [
        ...node.image.context,
        ...edge.image.context.map((part) => below("edge", part)),
        { folder: fileURLToPath(new URL("mod-wsgi/site", import.meta.url)), into: "site" },
        { file: SERVER_PACKAGES, content: packages(node) },
        { file: "Dockerfile", content: dockerfile() },
      ],
      args: { ...node.image.args, ...edge.image.args },
    },
    user: node.user,
    environment: { ...node.environment, ...edge.environment },
    files: [...node.files, ...edge.files],
    secrets: [...node.secrets, ...edge.secrets],
    volumes: [
      ...node.volumes,
      // What an edge of its own left there belongs to another user.
      ...edge.volumes.map((mount) => ({
        ...mount,
        volume: { ...mount.volume, name: `${mount.volume.name}-${node.name}` },
      })),
    ],
    networks: [...edge.networks, ...node.networks],
    health: { ...edge.health, startPeriod: longer(edge.health.startPeriod, node.health.startPeriod) },
    limits: { memory: Size.mebibytes(edge.limits.memory.mebibytes + node.limits.memory.mebibytes) },
    stop: { ...edge.stop, grace: longer(edge.stop.grace, node.stop.grace) },
  };
}

function below(folder: string, part: ContextPart): ContextPart {
  return "file" in part
    ? { ...part, file: `${folder}/${part.file}` }
    : { ...part, into: part.into === "" ? folder : `${folder}/${part.into}` };
}

/** Both in one layer, which no change of the code makes again. */
function packages(node: Workload): string {
  const own = node.image.context.find((part) => "file" in part && part.file === SERVER_PACKAGES);
  return `${own !== undefined && "file" in own ? own.content : ""}${EDGE_PACKAGES.join("\n")}\n`;
}

function dockerfile(): string {
  return ["../../app/image/Dockerfile", "mod-wsgi/Dockerfile"]
    .map((file) => readFileSync(new URL(file, import.meta.url), "utf8"))
    .join("");
}

function longer(one: Duration, other: Duration): Duration {
  return one.milliseconds > other.milliseconds ? one : other;
}
