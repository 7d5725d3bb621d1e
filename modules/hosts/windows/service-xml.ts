import { backslashes } from "./windows-layout.ts";

/** What a service runs. */
export interface WindowsService {
  /** Letters, digits and hyphens. */
  readonly id: string;
  readonly description: string;
  /** Folder of the application. */
  readonly root: string;
  /** What its Python is given. */
  readonly arguments: readonly string[];
}

/**
 * The configuration of WinSW 2.12, which makes a service of any program. web2py's own `-W` is gone: its
 * gluon/winservice.py was left behind with Python 2.
 */
export function serviceXml(service: WindowsService): string {
  const { id, description, root } = service;
  return `<!-- Written by Slipway. -->
<service>
  <id>${id}</id>
  <name>${id}</name>
  <description>${escaped(description)}</description>
  <executable>${backslashes(root)}\\venv\\Scripts\\python.exe</executable>
  <arguments>${escaped(service.arguments.map(quoted).join(" "))}</arguments>
  <workingdirectory>${backslashes(root)}</workingdirectory>
  <startmode>Automatic</startmode>
  <stoptimeout>30 sec</stoptimeout>
  <onfailure action="restart" delay="2 sec"/>
  <logpath>${backslashes(root)}\\logs</logpath>
  <log mode="roll-by-size">
    <sizeThreshold>10240</sizeThreshold>
    <keepFiles>8</keepFiles>
  </log>
</service>
`;
}

function quoted(argument: string): string {
  return /[\s"<>|&]/.test(argument) ? `"${argument}"` : argument;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
