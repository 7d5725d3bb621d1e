import { fileURLToPath } from "node:url";
import { Wsgi } from "../../modules/app/wsgi.ts";

/** The plain WSGI example; nothing of it is installed or run. */
export function hello(): Wsgi {
  return Wsgi.fromDirectory(fileURLToPath(new URL("../../examples/hello", import.meta.url)), {
    callable: "hello:application",
  });
}
