import type { SecureVersion } from "node:tls";
import { type Check, none } from "../check.ts";
import { open } from "../connection.ts";
import type { Site } from "../site.ts";

/** At OpenSSL's usual level our own side would refuse the old versions. */
const ANY_CIPHER = "DEFAULT:@SECLEVEL=0";

export const tlsVersions: Check = {
  name: "TLS 1.2 and 1.3 are spoken, nothing older",
  recipe: "recipe 2",
  async run(site) {
    const [old, older, two, three] = await Promise.all([
      handshake(site, "TLSv1"),
      handshake(site, "TLSv1.1"),
      handshake(site, "TLSv1.2"),
      handshake(site, "TLSv1.3"),
    ]);
    return none(
      [
        ...(isRefusal(old) ? [] : [`TLS 1.0: ${old}`]),
        ...(isRefusal(older) ? [] : [`TLS 1.1: ${older}`]),
        ...(two === "TLSv1.2" ? [] : [`TLS 1.2: ${two}`]),
        ...(three === "TLSv1.3" ? [] : [`TLS 1.3: ${three}`]),
      ],
      "1.0 and 1.1 refused by the site, 1.2 and 1.3 spoken",
      "1.0 and 1.1 refused by the site, 1.2 and 1.3 spoken",
    );
  },
};

/** A refusal of the other side; an error of our own would prove nothing. */
function isRefusal(outcome: string): boolean {
  return /alert protocol version|ECONNRESET|ERR_SSL_TLSV1_ALERT/i.test(outcome);
}

async function handshake(site: Site, version: SecureVersion): Promise<string> {
  try {
    const options = { minVersion: version, maxVersion: version, ciphers: ANY_CIPHER };
    const socket = await open(
      site,
      version < "TLSv1.2" ? options : { minVersion: version, maxVersion: version },
    );
    const spoken = socket.getProtocol() ?? "nothing";
    socket.destroy();
    return spoken;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
