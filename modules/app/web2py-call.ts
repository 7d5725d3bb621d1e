import { InvalidValue } from "../values/invalid-value.ts";

const FUNCTION = /^(?:(\w+)\/)?(\w+):([A-Za-z_]\w*)$/;
const SCRIPT = /^(\w+)\/((?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.py)$/;

/**
 * What slipway_node.web2py_call is told to run: an application, and a controller and a function of it, or a script.
 * @param applications those of the installation, the default one first.
 * @throws InvalidValue for another form, and for an application that there is not.
 */
export function web2pyCall(call: string, applications: readonly string[]): readonly string[] {
  const [, of = applications[0] ?? "", controller, name] = FUNCTION.exec(call) ?? [];
  if (controller !== undefined && name !== undefined && applications.includes(of))
    return [of, controller, name];
  const [, owner = "", script] = SCRIPT.exec(call) ?? [];
  if (script !== undefined && applications.includes(owner)) return [owner, script];
  throw new InvalidValue({
    what: "call of a job",
    got: call,
    allowed: `controller:function, application/controller:function, or the path of a script, of ${applications.join(", ")}`,
    fix: `Write it like "${applications[0]}/default:nightly" or "${applications[0]}/private/nightly.py", or give a command`,
  });
}
