/** One option of a mount, and why it is set. */
export interface MountOption {
  /** As mount(8) takes it, such as `hard` or `timeo=600`. */
  readonly option: string;
  /** A clause without a full stop. */
  readonly reason: string;
}

/** Of files that visitors can have a part in: what is among them runs with nobody's rights on a node. */
export const NOTHING_RUNS: readonly MountOption[] = [
  { option: "nosuid", reason: "no file of it gives a process the rights of another user" },
  { option: "nodev", reason: "no file of it is a device" },
  { option: "noexec", reason: "no file of it is run as a program: uploads come from visitors" },
];

/** As mount(8) takes them, separated by commas. */
export const optionText = (options: readonly MountOption[]): string =>
  options.map(({ option }) => option).join(",");
