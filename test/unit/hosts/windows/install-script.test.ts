import { describe, expect, test } from "vitest";
import { installScript } from "../../../../modules/hosts/windows/install-script.ts";
import { windowsReadme } from "../../../../modules/hosts/windows/readme.ts";
import { functionsOf, powershell } from "../../../support/powershell.ts";

const INSTALLATION = {
  stack: "shop",
  app: "guestbook",
  root: "C:/slipway/shop/guestbook",
  writable: ["state"],
  hasDatabase: true,
  hasCertificate: false,
  hostname: "shop.example.org",
  address: null,
  ports: { http: 80, https: 443 },
  healthPath: "/healthz",
  servicePath: "/healthz",
};
const README = {
  stack: "shop",
  app: "guestbook",
  hostname: "shop.example.org",
  http: 80,
  https: 443,
  postgres: 17,
  hasCertificate: false,
  isWeb2py: false,
  tunnel: undefined,
  missing: [],
};
const script = installScript(INSTALLATION);
const functions = await functionsOf(script);
const body = (name: string) => functions.get(name) ?? expect.fail(`no function ${name}`);

test("the steps of the README are by hand nowhere before the folder is of administrators alone", () => {
  const readme = windowsReadme(README);
  expect(readme).not.toContain("Copy-Item");
  expect(readme.indexOf("install.ps1 -Prepare")).toBeLessThan(readme.indexOf("chain.pem"));
  expect(readme).toContain("-LocalPort 80, 443");
  expect(readme).toContain("PostgreSQL\\17\\bin\\psql.exe");
});

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

describe("the folder of the stack", () => {
  test("is of administrators alone before anything is copied to it", () => {
    const first = body("Initialize-Stack");
    expect(first.indexOf("Set-AdministratorAccess $Stack")).toBeGreaterThan(
      first.indexOf("Confirm-Owner $Stack"),
    );
    expect(first.indexOf("Copy-")).toBeGreaterThan(first.indexOf("Set-AdministratorAccess $Stack"));
    const run = script.slice(script.indexOf("if ($Verify) {"));
    expect(run.indexOf("Initialize-Stack")).toBeLessThan(run.indexOf("Install-Files"));
  });

  test("is refused when it is somebody else's, or others could fill it", () => {
    expect(body("Confirm-Owner")).toContain("-notin @('S-1-5-32-544', 'S-1-5-18', $own.Value)");
    expect(body("Confirm-Owner")).toContain("ReparsePoint");
    expect(body("Initialize-Stack")).toContain("-not (Get-Acl -LiteralPath $Stack).AreAccessRulesProtected");
  });

  test("gets the certificate of the export as a folder, each time", () => {
    const copied = "Copy-Folder (Join-Path $PSScriptRoot 'tls') (Join-Path $Stack 'tls')";
    expect(body("Initialize-Stack")).not.toContain(copied);
    expect(installScript({ ...INSTALLATION, hasCertificate: true })).toContain(copied);
  });

  test("has the script itself, for the export is deleted", () => {
    expect(body("Initialize-Stack")).toContain(
      "Copy-Changed $PSCommandPath (Join-Path $Stack 'install.ps1')",
    );
  });
});

describe("httpd.conf of somebody else", () => {
  test("is read and written byte by byte", () => {
    expect(script).not.toMatch(/(?:Get|Set|Add)-Content/);
    expect(body("Write-Text")).toContain("WriteAllBytes($Path, $Latin1.GetBytes($Text))");
  });

  test("gets a line end before the line that includes ours", () => {
    expect(body("Add-Include")).toContain('-not $Text.EndsWith("`n")');
  });

  test("is put back with both files of ours when Apache refuses them", () => {
    const site = body("Install-ApacheSite");
    expect(site).toContain("@($HttpdConf, $SiteConf, $PythonConf)) { $before[$path] = Read-Text $path }");
    expect(site.indexOf("$before[$path] = ")).toBeLessThan(site.indexOf("Write-Text $PythonConf"));
    expect(site).toContain("if ($null -ne $before[$path]) { Write-Text $path $before[$path] }");
  });
});

test("a release that fails leaves the one before", () => {
  expect(script).toMatch(/catch \{\n {4}Restore-Release\n {4}throw\n\}\n[^}]*\}[^}]*\}\nRestart-Service/);
  expect(script.trimEnd()).toMatch(/Test-Installation\nCopy-Release .* \$Released$/);
});

describe("what looks", () => {
  test.each([
    [null, "127.0.0.1"],
    ["0.0.0.0", "127.0.0.1"],
    ["192.0.2.7", "192.0.2.7"],
  ])("asks Apache that listens at %s at %s", (address, asked) => {
    const text = installScript({ ...INSTALLATION, address });
    expect(text).toContain(`'shop.example.org:443:${asked}'`);
  });

  test("looks at the service where there is one", () => {
    expect(script).toContain("-not $PSBoundParameters.ContainsKey('Server')) { $Server = 'Service' }");
  });
});

test("a service that the script makes runs as an account of its own", () => {
  expect(body("Set-VirtualAccount")).toContain(`"NT SERVICE\\$Service"`);
  expect(body("Install-ApacheService")).toContain("Set-VirtualAccount $ApacheService");
  expect(body("Install-ApacheService")).toContain("(Join-Path $Apache 'logs')");
  expect(body("Install-WindowsService")).toContain("Set-VirtualAccount $ServiceName");
});
