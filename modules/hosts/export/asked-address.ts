/** What curl's `--resolve` asks for visitors of an edge; one for all of the machine (null) answers on the loopback address. */
export function askedAddress(address: string | null): string {
  if (address === null || address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return address.includes(":") ? `[${address}]` : address;
}
