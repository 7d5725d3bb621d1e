import { relative } from "node:path";
import { Image } from "@cdktf/provider-docker/lib/image/index.js";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { Build } from "./build.ts";
import type { StagedContext } from "./build-context.ts";
import { buildLog } from "./build-log.ts";
import type { Plan } from "./engine.ts";

/** How long the build of an image may take. */
const BUILD = "2h";

export interface ImageProps extends Pick<Plan, "project" | "workingDirectory"> {
  /** Address of the engine that builds; undefined is that of this machine. */
  readonly builder: string | undefined;
  /** @default the provider of the stack */
  readonly provider?: TerraformProvider;
}

/** An image that is built from a staged context. */
export function buildImage(
  scope: Construct,
  { name, args }: Build,
  staged: StagedContext,
  { project, workingDirectory, builder, provider }: ImageProps,
): Image {
  const image = new Image(scope, name.text, {
    ...(provider !== undefined && { provider }),
    name: `${project}/${name}:${staged.hash}`,
    // The images of earlier releases stay: a rollback must not have to build.
    keepLocally: true,
    // The name changes with all that the build is of; so a release that is taken back, whose image is there and not
    // built again, is no other for Terraform than the one that was built.
    lifecycle: { ignoreChanges: ["build"] },
    // A small host compiles for longer than the twenty minutes of the provider.
    timeouts: { create: BUILD },
    buildAttribute: {
      context: relative(workingDirectory, staged.folder),
      ...(Object.keys(args).length > 0 && { buildArgs: { ...args } }),
      // Without a log, a build that fails says which command it was, and nothing that the command said.
      ...(builder === undefined && { builder: "default", buildLogFile: buildLog(name.text) }),
    },
  });
  // buildx, which writes a log, builds on the engine of DOCKER_HOST, whatever host the provider has. The other way to build
  // asks the provider's own engine, and has BuildKit there as well. Newer than the bindings.
  if (builder !== undefined) image.addOverride("build.use_legacy_builder", true);
  return image;
}
