/** Bits of clone(2) that make namespaces: CLONE_NEWNS, -CGROUP, -UTS, -IPC, -USER, -PID and -NET. */
const NAMESPACES = 0x7e020000;
/** `ENOSYS`: the C library asks clone(2) instead, whose flags a filter can see. */
const UNKNOWN = 38;

/** Architectures whose 32 bit calls would go around a list that has 64 bit ones only are not in it: those are refused. */
const ARCHITECTURES = [
  { architecture: "SCMP_ARCH_X86_64", subArchitectures: null },
  { architecture: "SCMP_ARCH_AARCH64", subArchitectures: null },
];

/**
 * A profile that allows these system calls and no others, as the engine's API takes it: JSON, and no file (seccomp(2),
 * docs.docker.com/engine/security/seccomp). Calls that a processor does not have are skipped by the engine. Processes and
 * threads are made without namespaces of their own.
 */
export function seccompProfile(calls: readonly string[]): string {
  return JSON.stringify({
    defaultAction: "SCMP_ACT_ERRNO",
    archMap: ARCHITECTURES,
    syscalls: [
      { names: [...calls].sort(), action: "SCMP_ACT_ALLOW" },
      {
        names: ["clone"],
        action: "SCMP_ACT_ALLOW",
        args: [{ index: 0, value: NAMESPACES, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
      },
      { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: UNKNOWN },
    ],
  });
}
