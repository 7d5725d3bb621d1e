import type { MachineFiles } from "./machine-files.ts";

/** A source of packages that a distribution has not, or has switched off. */
export interface Repository {
  readonly name: string;
  /** Names of packages that are nowhere else, or need something that is. */
  readonly packages: RegExp;
  /** What adds it, by the systems on which it does. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

/**
 * The commands that add what machines need, a block for each kind of system.
 * @returns nothing where the distribution has all packages
 */
export function repositoryCommands(
  repositories: readonly Repository[],
  parts: readonly MachineFiles[],
): string {
  const needed = repositories.flatMap((repository) => {
    const machines = parts.filter(({ instances }) =>
      instances.some(({ packages }) => packages.some((name) => repository.packages.test(name))),
    );
    const names = machines.map(({ machine }) => machine.name).join(", ");
    return machines.length === 0
      ? []
      : [{ ...repository, title: `# ${repository.name}${parts.length > 1 ? `, on ${names}` : ""}` }];
  });
  const systems = new Set(needed.flatMap(({ commands }) => Object.keys(commands)));
  return [...systems]
    .map((system) => {
      const lines = needed.flatMap(({ title, commands }) => [title, ...(commands[system] ?? [])]);
      return `   On ${system}:

   \`\`\`
${lines.map((line) => `   ${line}\n`).join("")}   \`\`\`
`;
    })
    .join("\n");
}
