/** Whether an address is reached from its own machine only: 127.0.0.0/8, or ::1. */
export function isLoopback(address: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(address) || address === "::1";
}
