import {
  dependenciesOf,
  type Json,
  type Resource,
  type Resources,
  referenceOf,
  type Synthesized,
} from "./resources.ts";

/** Order in which the types are declared: what is referred to first. */
const CLASSES = {
  docker_image: "Image",
  docker_network: "Network",
  docker_volume: "Volume",
  docker_container: "Container",
} as const;
const FOLDERS = { Image: "image", Network: "network", Volume: "volume", Container: "container" } as const;

/** Names that the bindings changed, because their language or their base class has them already. */
const RENAMED: Readonly<Record<string, string>> = { build: "buildAttribute" };
/** Attributes whose keys are the user's own and not of the schema. */
const MAPS = new Set(["log_opts", "driver_opts", "build_args"]);

/**
 * The TypeScript source of an app that declares the same resources with nothing but cdktf and the provider's bindings,
 * in the way of somebody who knows all values already: no module, no rule, no secret store, no hash of a folder.
 */
export function bareApp(stack: string, synthesized: Synthesized): string {
  const classes = Object.entries(CLASSES);
  const lines = [
    'import { App, LocalBackend, TerraformStack } from "cdktf";',
    ...classes.map(
      ([, name]) => `import { ${name} } from "@cdktf/provider-docker/lib/${FOLDERS[name]}/index.js";`,
    ),
    'import { DockerProvider } from "@cdktf/provider-docker/lib/provider/index.js";',
    "",
    "const app = new App();",
    `const stack = new TerraformStack(app, ${JSON.stringify(stack)});`,
    'new LocalBackend(stack, { path: "terraform.tfstate" });',
    'new DockerProvider(stack, "docker", {});',
    ...overrides("terraform.required_providers.docker.version", "~> 4.6"),
    ...overrides("data", synthesized.data),
    ...overrides("locals", synthesized.locals),
    "",
    ...classes.flatMap(([type, name]) =>
      ordered(synthesized.resource[type as keyof typeof CLASSES] ?? {}).map(
        ([id, resource]) =>
          `const ${variable(type, id)} = new ${name}(stack, ${JSON.stringify(`${FOLDERS[name]}-${id}`)}, ${config(resource)});\n` +
          `${variable(type, id)}.overrideLogicalId(${JSON.stringify(id)});`,
      ),
    ),
    "",
    "app.synth();",
    "",
  ];
  return lines.join("\n");
}

/** What others depend on first, as the variables have to be declared. */
function ordered(resources: Resources): readonly (readonly [string, Resource])[] {
  const done = new Map<string, Resource>();
  const visit = (id: string) => {
    const resource = resources[id];
    if (resource === undefined || done.has(id)) return;
    for (const address of dependenciesOf(resource)) visit(split(address)[1]);
    done.set(id, resource);
  };
  Object.keys(resources).forEach(visit);
  return [...done];
}

function overrides(path: string, value: Json | undefined): string[] {
  return value === undefined ? [] : [`stack.addOverride(${JSON.stringify(path)}, ${JSON.stringify(value)});`];
}

function config(resource: Resource): string {
  const known = Object.entries(resource).filter(([key]) => key !== "//");
  return `{ ${known.map(([key, value]) => member(key, value)).join(", ")} }`;
}

function member(key: string, value: Json): string {
  if (key === "depends_on" && Array.isArray(value)) {
    return `dependsOn: [${value.map((address: string) => variable(...split(address))).join(", ")}]`;
  }
  return `${RENAMED[key] ?? camel(key)}: ${MAPS.has(key) ? JSON.stringify(value) : expression(value)}`;
}

function expression(value: Json): string {
  if (typeof value === "string") {
    const reference = referenceOf(value);
    if (reference === undefined) return JSON.stringify(value);
    return `${variable(reference.type, reference.name)}.${camel(reference.attribute)}`;
  }
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => member(key, inner))
      .join(", ")} }`;
  }
  return JSON.stringify(value);
}

function split(address: string): [type: string, id: string] {
  const [type = "", id = ""] = address.split(".");
  return [type, id];
}

function variable(type: string, id: string): string {
  return camel(`${type}_${id}`.replaceAll(/[^A-Za-z0-9]+/g, "_"));
}

function camel(name: string): string {
  return name.replaceAll(/_+([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}
