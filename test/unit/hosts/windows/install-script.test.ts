import { describe, expect, test } from "vitest";
import { installScript } from "../../../../modules/hosts/windows/install-script.ts";
import { functionsOf, powershell } from "../../../support/powershell.ts";

const INSTALLATION = {
  stack: "shop",
  app: "guestbook",
  root: "C:/slipway/shop/guestbook",
  writable: ["state"],
  hasDatabase: true,
  hostname: "shop.example.org",
  ports: { http: 80, https: 443 },
  healthPath: "/healthz",
  servicePath: "/healthz",
};
const script = installScript(INSTALLATION);
const functions = await functionsOf(script);
const body = (name: string) => functions.get(name) ?? expect.fail(`no function ${name}`);

describe("programs", () => {
  test("are all run by one function, where a line on stderr does not end the script", async () => {
    const commands = (await powershell(script)).descendantsOfType("command");
    const invoked = commands.flatMap((command) => (command?.text.startsWith("& ") ? [command.text] : []));
    // The other one is a block of the script itself.
    expect(invoked.toSorted()).toEqual(["& $Check", "& $Program @Arguments"]);
    expect(body("Invoke-Native")).toMatch(/\$ErrorActionPreference = 'Continue'\n\s+& \$Program @Arguments/);
  });

  test("whose output is not wanted do not make a check pass by it", () => {
    expect(body("Test-Installation")).toContain("@('-t') 2>$null | Out-Null; $LASTEXITCODE -eq 0 }");
  });
});

describe("mod_wsgi and WinSW", () => {
  test("are asked for where they are missing, with the fix", () => {
    expect(body("Confirm-Present")).toContain("if (-not $Path) { throw");
  });

  test.each([
    ["Install-ApacheSite", "if ($ModWsgi -or -not (Test-Path -LiteralPath $express))"],
    ["Install-WindowsService", "if ($WinSW -or -not (Test-Path -LiteralPath $program))"],
  ])("are taken over by %s whenever they are given", (name, condition) => {
    expect(body(name)).toContain(condition);
  });
});
