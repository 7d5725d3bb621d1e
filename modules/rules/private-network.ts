import { Cidr } from "../values/cidr.ts";

/** Networks that the internet has no way to (RFC 1918). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(Cidr.of);

/** Whether all addresses of a network are private. */
export function isPrivate(network: Cidr): boolean {
  return PRIVATE.some((one) => one.prefix <= network.prefix && one.overlaps(network));
}
