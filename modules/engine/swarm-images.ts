import type { Image } from "@cdktf/provider-docker/lib/image/index.js";
import type { Construct } from "constructs";
import { clientCommand } from "./shell.ts";
import type { SwarmHost } from "./swarm-nodes.ts";
import { TerraformData } from "./terraform-data.ts";

export interface HandoverProps {
  /** Logical name of the image. */
  readonly name: string;
  readonly image: Image;
  /** Where it was built. */
  readonly builder: SwarmHost;
  /** That may run it, with other engines than the one that built it. */
  readonly hosts: readonly SwarmHost[];
}

/**
 * Hands an image to the hosts that may run it and lack it, through their engines; no registry has a part in it. What is
 * there already is not sent again.
 */
export function handOver(scope: Construct, { name, image, builder, hosts }: HandoverProps): TerraformData {
  const handed = new TerraformData(scope, "handover", {
    triggersReplace: { image: image.imageId, hosts: hosts.map(({ host }) => host.engine ?? "") },
    provisioners: [
      {
        type: "local-exec",
        command: script(builder, hosts),
        environment: { IMAGE: image.imageId, NAME: image.name },
      },
    ],
  });
  handed.overrideLogicalId(`${name}-image`);
  return handed;
}

function script(builder: SwarmHost, hosts: readonly SwarmHost[]): string {
  return [
    "set -eu",
    ...hosts.flatMap(({ host: { name }, client }) => {
      const there = `${clientCommand(client)} image inspect "$IMAGE" >/dev/null 2>&1`;
      return [
        `if ! ${there}; then`,
        `  echo "handing $NAME to ${name}"`,
        // By its name, which the host then has as well: nobody takes it for one that nothing uses.
        `  ${clientCommand(builder.client)} save "$NAME" | ${clientCommand(client)} load >/dev/null`,
        `  ${there} || { echo "${name} has no $IMAGE after it was handed $NAME: its engine names images in another way than the one that built it, or its disk is full." >&2; exit 1; }`,
        "fi",
      ];
    }),
    "",
  ].join("\n");
}
