import { sha256 } from "../engine/digest.ts";

/** The part of what cdktf writes that a release is made of. */
export interface Synthesized {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, object>>>>;
  /** Where the state is, and what it is encrypted with: a move of it is a release, so that a rollback finds it. */
  readonly terraform?: { readonly backend?: object; readonly encryption?: object };
}

/** Where things are, seen from the folder that Terraform runs in. */
export interface ReleasePaths {
  /** Root folder of the project, whose script writes the release down. */
  readonly project: string;
  /** Folder of the stack's releases. */
  readonly releases: string;
}

/** What a release says of its stack. */
export interface ReleaseOf {
  readonly project: string;
  readonly stack: string;
  readonly engine: string;
}

/** Type and name of the resource that stands for the whole release. */
export const RELEASE_RESOURCE = "terraform_data.release";

/**
 * Adds what writes the release down: the last resource, that comes to its turn only when all others are as they should
 * be, whoever runs Terraform. It is replaced when anything of the stack changed, and then only.
 *
 * Old nodes are removed after it, as they are created before they are destroyed.
 */
export function withRelease<T extends Synthesized>(config: T, of: ReleaseOf, paths: ReleasePaths): T {
  const { resource = {}, terraform: { backend, encryption } = {} } = config;
  const images = Object.keys(resource.docker_image ?? {}).map((name) => [
    name,
    { name: `\${docker_image.${name}.name}`, id: `\${docker_image.${name}.image_id}` },
  ]);
  const [type = "", name = ""] = RELEASE_RESOURCE.split(".");
  const release = {
    depends_on: Object.entries(resource).flatMap(([kind, all]) =>
      Object.keys(all).map((one) => `${kind}.${one}`),
    ),
    triggers_replace: {
      ...of,
      configuration: digestOf({ resource, backend, encryption }),
      images: Object.fromEntries(images),
    },
    provisioner: [
      {
        "local-exec": {
          command:
            'folder=$PWD; cd "$PROJECT" && exec node --import tsx scripts/record-release.ts "$folder" "$RELEASES"',
          environment: {
            PROJECT: paths.project,
            RELEASES: paths.releases,
            RELEASE: "${jsonencode(self.triggers_replace)}",
          },
        },
      },
    ],
  };
  return { ...config, resource: { ...resource, [type]: { ...resource[type], [name]: release } } };
}

/** Of all that Terraform compares; where a construct stands in the tree is none of it. */
function digestOf(written: object): string {
  const text = JSON.stringify(written, (key, value) => (key === "//" ? undefined : value));
  return sha256(text).slice(0, 16);
}
