import { SERVICE_PORT } from "./windows-layout.ts";

/** A server that runs on Windows, from PyPI. */
export const WAITRESS = "waitress==3.0.2";

/** The text of `serve.py`: what a service runs where there is no Apache. */
export function servePy({ threads, bodyLimit }: { threads: number; bodyLimit: number }): string {
  return `"""Written by Slipway: the application as a Windows service, on the loopback address alone."""

import waitress
from slipway_site import application

if __name__ == "__main__":
    waitress.serve(
        application,
        listen="127.0.0.1:${SERVICE_PORT}",
        threads=${threads},
        max_request_body_size=${bodyLimit},
        # The proxy on this machine says who asks, and how. Nobody else reaches this port.
        trusted_proxy="127.0.0.1",
        trusted_proxy_count=1,
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"},
        clear_untrusted_proxy_headers=True,
        ident=None,
    )
`;
}
