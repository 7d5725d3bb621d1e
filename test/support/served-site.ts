import { createServer as createHttp, type RequestListener } from "node:http";
import { createSecureServer } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTls, type TLSSocket, type TlsOptions } from "node:tls";
import type { Container } from "../../scripts/stack/containers.ts";
import { HERE } from "../../scripts/stack/stack-host.ts";
import type { DeclaredApp, DeclaredEdge } from "../../scripts/verify/declared.ts";
import type { Engine } from "../../scripts/verify/engine.ts";
import { Site } from "../../scripts/verify/site.ts";
import { certificateFor, type KeyAndCertificate } from "./certificate.ts";

/** How a server of the tests behaves. */
export interface Served {
  /** Answers over HTTP/1.1 and HTTP/2. @default 200 with a page for the routes, 404 for the rest */
  readonly answer?: RequestListener;
  /** Takes the bytes itself. @default HTTP */
  readonly raw?: (socket: TLSSocket) => void;
  /** Answers on the plain port. @default 308 to https */
  readonly plain?: RequestListener;
  readonly tls?: TlsOptions;
  readonly certificate?: KeyAndCertificate;
  readonly declared?: Partial<DeclaredEdge>;
  readonly app?: Partial<DeclaredApp>;
  readonly appNodes?: readonly string[];
  readonly containers?: readonly Pick<Container, "id" | "node">[];
  readonly engine?: Partial<Engine>;
}

const usual = certificateFor("localhost");

/** Uses a site on this machine, without any container, which behaves as told and is gone afterwards. */
export async function served<T>(how: Served, use: (site: Site) => Promise<T>): Promise<T> {
  const { key, cert } = how.certificate ?? usual;
  const answer: RequestListener = how.answer ?? ((request, response) => page(request.url ?? "", response));
  const secure =
    how.raw === undefined
      ? createSecureServer({ key, cert, allowHTTP1: true, ...how.tls } as never, answer as never)
      : createTls({ key, cert, ALPNProtocols: ["h2", "http/1.1"], ...how.tls }, (socket) => {
          socket.on("error", () => undefined);
          how.raw?.(socket);
        });
  const https = await listen(secure as unknown as Server);
  const away: RequestListener = ({ url }, response) =>
    response.writeHead(308, { location: `https://localhost:${https.port}${url}` }).end();
  const http = await listen(createHttp(how.plain ?? away));
  const site = new Site({
    stack: { name: "test", secretsFolder: "/nonexistent" },
    containers: (how.containers ?? []) as readonly Container[],
    edge: { id: "edge", name: "edge", node: "edge", host: HERE, ports: [] } as unknown as Container,
    declared: {
      name: "edge",
      server: "test",
      hostname: "localhost",
      address: "127.0.0.1",
      ports: { http: http.port, https: https.port },
      certificate: "self-signed",
      routes: [{ app: "shop", at: "/", sticky: "none", adminPaths: [] }],
      admin: "disabled",
      bodyLimit: 2 ** 20,
      protocols: ["http/1.1", "h2"],
      ...how.declared,
    },
    apps: [
      { name: "shop", kind: undefined, server: undefined, nodes: 2, applications: ["shop"], ...how.app },
    ],
    appNodes: how.appNodes ?? ["shop-1", "shop-2"],
    engine: { docker: async () => "", logs: async () => "", ...how.engine },
  });
  try {
    return await use(site);
  } finally {
    await site.close();
    for (const { close } of [https, http]) close();
  }
}

/** A page at the root, and 404 elsewhere. */
export function page(
  path: string,
  response: { writeHead(status: number, headers?: object): unknown; end(text: string): unknown },
): void {
  const there = (path.split("?")[0] ?? "") === "/";
  response.writeHead(there ? 200 : 404, { "content-type": "text/html" });
  response.end(there ? "<h1>shop-1</h1>" : "<h1>Not found</h1>");
}

function listen(server: Server): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  server.on("sessionError", () => undefined);
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve({ port: (server.address() as AddressInfo).port, close })),
  );
}
