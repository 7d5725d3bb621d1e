import { InvalidValue } from "../values/invalid-value.ts";

/** Python of an application's image, with its packages. */
export const PYTHON = "/srv/venv/bin/python";

/** A function as Python imports it. @throws InvalidValue unless it is `module:function`. */
export function pythonCall(call: string): string {
  if (/^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/.test(call)) return call;
  throw new InvalidValue({
    what: "call of a job",
    got: call,
    allowed: "a module and a function in it, joined by a colon",
    fix: 'Write it like "reports:send", or give a command',
  });
}
