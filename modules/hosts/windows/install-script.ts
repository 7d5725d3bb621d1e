import { askedAddress } from "../export/asked-address.ts";
import { FOLDER_ACCESS } from "./folder-access.ts";
import { APACHE, backslashes, PYTHON, SERVICE_PORT, stackFolder } from "./windows-layout.ts";

/** What the script installs. */
export interface WindowsInstallation {
  readonly stack: string;
  readonly app: string;
  /** Folder of the application. */
  readonly root: string;
  /** Folders below it that processes write to. */
  readonly writable: readonly string[];
  readonly hasDatabase: boolean;
  /** The certificate is in the export. */
  readonly hasCertificate: boolean;
  readonly hostname: string;
  /** What Apache listens at; null for all of the machine. */
  readonly address: string | null;
  readonly ports: { readonly http: number; readonly https: number };
  readonly healthPath: string;
  /** Of the service without Apache, where it is another one: py4web asks for its prefix. */
  readonly servicePath: string;
}

/** The text of `install.ps1`. Folders are fixed when it is written, as all other files name them. */
export function installScript(installation: WindowsInstallation): string {
  const { stack, app, root, writable, hasDatabase, hasCertificate, hostname, address, ports } = installation;
  const { healthPath, servicePath } = installation;
  const service = `slipway-${stack}-${app}`;
  const at = askedAddress(address);
  const kept = quoted(
    writable.flatMap((path) => (path.startsWith("app/") ? [path.slice("app/".length)] : [])),
  );
  return `# Written by Slipway: installs ${app} of the stack ${stack} on Windows. It changes nothing that is so already.
#
#   .\\install.ps1                    behind Apache with mod_wsgi
#   .\\install.ps1 -Server Service    as a Windows service of its own, on 127.0.0.1:${SERVICE_PORT}
#   .\\install.ps1 -Prepare           only makes the folder of the stack, which administrators alone read, and fills it
#   .\\install.ps1 -Verify            looks, and changes nothing
#   .\\install.ps1 -Uninstall         undoes it; what the application has written stays
#
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding()]
param(
    [ValidateSet('Apache', 'Service')]
    [string] $Server = 'Apache',
    [string] $Apache = '${backslashes(APACHE)}',
    [string] $Python = '${backslashes(PYTHON)}\\python.exe',
    # The wheel of mod_wsgi that was built for this Python and this Apache.
    [string] $ModWsgi = '',
    # WinSW-x64.exe of https://github.com/winsw/winsw/releases/tag/v2.12.0
    [string] $WinSW = '',
    [switch] $Prepare,
    [switch] $Verify,
    [switch] $Uninstall
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$Stack = '${backslashes(stackFolder(stack))}'
$Root = '${backslashes(root)}'
$ServiceName = '${service}'
$ApacheService = 'Apache2.4'
$VenvPython = Join-Path $Root 'venv\\Scripts\\python.exe'
# The last release that was good, to go back to.
$Released = Join-Path $Root 'released'
# .NET knows nothing of the folder that PowerShell is in.
$Apache = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Apache)
$HttpdConf = Join-Path $Apache 'conf\\httpd.conf'
$SiteConf = Join-Path $Apache 'conf\\extra\\slipway-${stack}.conf'
$PythonConf = Join-Path $Apache 'conf\\extra\\slipway-${stack}-python.conf'
$IncludeLine = 'Include conf/extra/slipway-${stack}.conf'

function Write-Change([string] $What) { Write-Host "changed  $What" }
function Write-Kept([string] $What) { Write-Host "as it is $What" }

# Every program is run here. With 'Stop' Windows PowerShell 5.1 would end the script at the first line that one writes to a
# redirected stderr, as httpd.exe does for "Syntax OK": what it ends with decides, not what it says.
function Invoke-Native([string] $Program, [string[]] $Arguments) {
    $ErrorActionPreference = 'Continue'
    & $Program @Arguments
}

# A program that fails ends the script: PowerShell itself would go on.
function Invoke-Program([string] $Program, [string[]] $Arguments) {
    Invoke-Native $Program $Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' ') ended with $LASTEXITCODE" }
}

function Confirm-Present([string] $Path, [string] $Fix) {
    if (-not $Path) { throw "There is something missing: $Fix" }
    if (-not (Test-Path -LiteralPath $Path)) { throw "There is no $($Path): $Fix" }
}

function Test-SameFile([string] $One, [string] $Other) {
    if (-not (Test-Path -LiteralPath $Other)) { return $false }
    (Get-FileHash -LiteralPath $One).Hash -eq (Get-FileHash -LiteralPath $Other).Hash
}

function Copy-Changed([string] $From, [string] $To) {
    if (Test-SameFile $From $To) { Write-Kept $To; return }
    New-Item -ItemType Directory -Force -Path (Split-Path -Parent $To) | Out-Null
    Copy-Item -LiteralPath $From -Destination $To -Force
    Write-Change $To
}

# Takes a whole folder over, and removes what is no more part of it. What the application writes is left alone.
function Copy-Folder([string] $From, [string] $To, [string[]] $Kept = @()) {
    $excluded = @('__pycache__') + @($Kept | ForEach-Object { "$From\\$_"; "$To\\$_" })
    Invoke-Native 'robocopy.exe' (@($From, $To, '/MIR', '/NJH', '/NJS', '/NP', '/NFL', '/NDL', '/XD') + $excluded) | Out-Null
    # Below 8 there was no error, 0 is no change.
    if ($LASTEXITCODE -ge 8) { throw "robocopy could not copy $From to $($To): $LASTEXITCODE" }
    if ($LASTEXITCODE -eq 0) { Write-Kept $To } else { Write-Change $To }
}

# Each byte is a character of Latin-1, so that what others wrote stays as it is, in whatever encoding.
$Latin1 = [System.Text.Encoding]::GetEncoding(28591)
function Read-Text([string] $Path) {
    if (Test-Path -LiteralPath $Path) { $Latin1.GetString([System.IO.File]::ReadAllBytes($Path)) }
}
function Write-Text([string] $Path, [string] $Text) { [System.IO.File]::WriteAllBytes($Path, $Latin1.GetBytes($Text)) }

function Test-Include([string] $Text) { ($Text -split '\\r?\\n') -contains $IncludeLine }

function Add-Include([string] $Text) {
    $newline = if ($Text.Contains("\`r\`n")) { "\`r\`n" } else { "\`n" }
    $end = if ($Text -and -not $Text.EndsWith("\`n")) { $newline } else { '' }
    "$Text$end$IncludeLine$newline"
}

function Remove-Include([string] $Text) {
    [regex]::Replace($Text, "(?m)^$([regex]::Escape($IncludeLine))\\r?(?:\\n|\\z)", '')
}

${FOLDER_ACCESS}# Comes first: below C:\\ whoever signs in may read, and make what administrators would run.
function Initialize-Stack {
    $parent = Split-Path -Parent $Stack
    New-Item -ItemType Directory -Force -Path $parent | Out-Null
    Confirm-Owner $parent
    # Names of stacks are no secret, and programs look a path up from its beginning.
    Set-AdministratorAccess $parent @("$($Users):RX")
    Invoke-Program 'icacls.exe' @($parent, '/remove:g', '*S-1-5-11', '*S-1-1-0', '/Q')
    New-Item -ItemType Directory -Force -Path $Stack | Out-Null
    Confirm-Owner $Stack
    if (-not (Get-Acl -LiteralPath $Stack).AreAccessRulesProtected -and (Get-ChildItem -LiteralPath $Stack -Force)) {
        throw "Others could write to $Stack until now: look at what is in it, and delete it or move it away"
    }
    Set-AdministratorAccess $Stack
    Invoke-Program 'icacls.exe' @($Stack, '/remove:g', $Users, '*S-1-5-11', '*S-1-1-0', '/Q')
    Write-Kept "$Stack is of administrators alone"
${hasCertificate ? "    Copy-Folder (Join-Path $PSScriptRoot 'tls') (Join-Path $Stack 'tls')\n" : "    New-Item -ItemType Directory -Force -Path (Join-Path $Stack 'tls') | Out-Null\n"}${hasDatabase ? "    # The installer of PostgreSQL has it run as Network Service.\n    Copy-Folder (Join-Path $PSScriptRoot 'postgres') (Join-Path $Stack 'postgres')\n    Set-SecretAccess (Join-Path $Stack 'postgres\\secrets') @($NetworkService)\n" : ""}    # What looks and undoes is needed when the export is deleted.
    if ($PSScriptRoot -ne $Stack) { Copy-Changed $PSCommandPath (Join-Path $Stack 'install.ps1') }
}

function Get-Account {
    if ($Server -eq 'Service') { return "NT SERVICE\\$ServiceName" }
    $service = Get-CimInstance Win32_Service -Filter "Name='$ApacheService'"
    if ($null -eq $service -or $service.StartName -eq 'LocalSystem') { return $System }
    $service.StartName
}

# Code and settings, without what the application has written.
function Copy-Release([string] $From, [string] $To) {
    $kept = @(${kept})
    Copy-Folder (Join-Path $From 'app') (Join-Path $To 'app') $kept
    foreach ($folder in @('slipway', 'settings')) {
        $path = Join-Path $From $folder
        if (Test-Path -LiteralPath $path) { Copy-Folder $path (Join-Path $To $folder) }
    }
    Get-ChildItem -LiteralPath $From -File | Where-Object Extension -ne '.exe' | ForEach-Object {
        Copy-Changed $_.FullName (Join-Path $To $_.Name)
    }
}

# A new start of the service must not find a release that has failed.
function Restore-Release {
    if (-not (Test-Path -LiteralPath $Released)) { return }
    Copy-Release $Released $Root
    Install-Python
    Write-Change "$Root has the release before"
}

function Install-Files {
    Confirm-Present (Join-Path $PSScriptRoot '${app}\\app') 'run install.ps1 in the folder of the export'
    Copy-Release (Join-Path $PSScriptRoot '${app}') $Root
    $secrets = Join-Path $PSScriptRoot '${app}\\secrets'
    if (Test-Path -LiteralPath $secrets) { Copy-Folder $secrets (Join-Path $Root 'secrets') }
    foreach ($folder in @(${quoted(["logs", "run", "static", ...writable])})) {
        New-Item -ItemType Directory -Force -Path (Join-Path $Root $folder) | Out-Null
    }
}

function Install-Access {
    $account = Get-Account
    Set-SecretAccess (Join-Path $Root 'secrets') @($account)
    # This folder alone, for programs look a path up from its beginning.
    Invoke-Program 'icacls.exe' @($Stack, '/grant', "$($account):RX", '/Q')
    # Of the code nobody but administrators may change anything.
    Set-AdministratorAccess $Root @("$($account):(OI)(CI)RX")
    foreach ($folder in @(${quoted(["logs", "run", ...writable])})) {
        Invoke-Program 'icacls.exe' @((Join-Path $Root $folder), '/grant:r', "$($account):(OI)(CI)M", '/Q')
    }
    Write-Change "access of $account to $Root"
}

function Install-Python {
    Confirm-Present $Python 'install Python 3.13 of python.org for all users, or name another one with -Python'
    if (Test-Path -LiteralPath $VenvPython) { Write-Kept "$Root\\venv" }
    else {
        Invoke-Program $Python @('-m', 'venv', "$Root\\venv")
        Write-Change "$Root\\venv"
    }
    $wanted = Join-Path $Root 'requirements.txt'
    $installed = Join-Path $Root 'venv\\slipway-requirements.txt'
    if (Test-SameFile $wanted $installed) { Write-Kept 'packages of Python' }
    else {
        Invoke-Program $VenvPython @('-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '-r', $wanted)
        Copy-Item -LiteralPath $wanted -Destination $installed -Force
        Write-Change 'packages of Python'
    }
}
${hasDatabase ? databaseCheck() : ""}
function Install-Release {
    Push-Location $Root
    try { Invoke-Program $VenvPython @('prepare.py') } finally { Pop-Location }
    Write-Kept 'the database fits this release, and the application answers'
}

function Install-ApacheSite {
    Confirm-Present $HttpdConf "unpack Apache 2.4 of Apache Lounge to $Apache, or name its folder with -Apache"
    $express = Join-Path $Root 'venv\\Scripts\\mod_wsgi-express.exe'
    $installed = Join-Path $Root 'venv\\slipway-mod_wsgi.whl'
    if ($ModWsgi -or -not (Test-Path -LiteralPath $express)) {
        Confirm-Present $ModWsgi 'name a wheel of mod_wsgi for this Python with -ModWsgi; README.md tells how one is built'
        if ((Test-Path -LiteralPath $express) -and (Test-SameFile $ModWsgi $installed)) { Write-Kept 'mod_wsgi' }
        else {
            # One that was built again, for another Apache, has the same version.
            Invoke-Program $VenvPython @('-m', 'pip', 'install', '--disable-pip-version-check', '--quiet', '--force-reinstall', '--no-deps', $ModWsgi)
            Copy-Item -LiteralPath $ModWsgi -Destination $installed -Force
            Write-Change 'mod_wsgi'
        }
    }
    foreach ($name in @('chain.pem', 'key.pem')) {
        Confirm-Present (Join-Path $Stack "tls\\$name") 'put the certificate of the site and its key there; README.md tells how'
    }
    Set-SecretAccess (Join-Path $Stack 'tls') @((Get-Account))
    $directives = (Invoke-Program $express @('module-config')) -join "\`r\`n"
    $before = @{}
    foreach ($path in @($HttpdConf, $SiteConf, $PythonConf)) { $before[$path] = Read-Text $path }
    try {
        Write-Text $PythonConf $directives
        Copy-Changed (Join-Path $PSScriptRoot 'conf\\extra\\slipway-${stack}.conf') $SiteConf
        if (Test-Include $before[$HttpdConf]) { Write-Kept $HttpdConf }
        else {
            Write-Text $HttpdConf (Add-Include $before[$HttpdConf])
            Write-Change $HttpdConf
        }
        Invoke-Native "$Apache\\bin\\httpd.exe" @('-t')
        if ($LASTEXITCODE -ne 0) { throw 'Apache refuses this configuration, for the reason above; its files are as they were' }
    }
    catch {
        foreach ($path in $before.Keys) {
            if ($null -ne $before[$path]) { Write-Text $path $before[$path] }
            elseif (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Force }
        }
        throw
    }
}

# \`httpd -k install\` makes a service that may do everything on the machine, and the application runs inside of it.
function Install-ApacheService {
    Confirm-Present $HttpdConf "unpack Apache 2.4 of Apache Lounge to $Apache, or name its folder with -Apache"
    if (Get-Service -Name $ApacheService -ErrorAction SilentlyContinue) {
        Write-Kept "service $ApacheService"
        if ((Get-Account) -eq $System) { Write-Warning "$ApacheService runs as LocalSystem, and the application with it: README.md tells how to change that" }
        return
    }
    Invoke-Program "$Apache\\bin\\httpd.exe" @('-k', 'install', '-n', $ApacheService)
    Set-VirtualAccount $ApacheService
    Write-Change "service $ApacheService"
    $account = Get-Account
    foreach ($folder in @($Apache, (Split-Path -Parent $Python))) {
        Invoke-Program 'icacls.exe' @($folder, '/grant', "$($account):(OI)(CI)RX", '/Q')
    }
    Invoke-Program 'icacls.exe' @((Join-Path $Apache 'logs'), '/grant', "$($account):(OI)(CI)M", '/Q')
}

function Install-WindowsService {
    $program = Join-Path $Root "$ServiceName.exe"
    if ($WinSW -or -not (Test-Path -LiteralPath $program)) {
        Confirm-Present $WinSW 'download WinSW-x64.exe of version 2.12.0, compare its checksum with that of the release, and name it with -WinSW'
        # Windows writes over no program that runs.
        if (-not (Test-SameFile $WinSW $program)) { Get-Service -Name $ServiceName -ErrorAction SilentlyContinue | Stop-Service }
        Copy-Changed $WinSW $program
    }
    if (Get-Service -Name $ServiceName -ErrorAction SilentlyContinue) { Write-Kept "service $ServiceName" }
    else {
        Invoke-Program $program @('install')
        Write-Change "service $ServiceName"
    }
    # Each time: the run before may have ended between these two.
    Set-VirtualAccount $ServiceName
}

function Test-Installation {
    function Confirm-That([string] $What, [scriptblock] $Check) {
        $passed = try { [bool](& $Check) } catch { $false }
        Write-Host "$(if ($passed) { 'passed' } else { 'FAILED' })  $What"
        if (-not $passed) { $script:failures++ }
    }
    $script:failures = 0
    function Get-Status([string] $Url) {
        Invoke-Native 'curl.exe' @('--silent', '--insecure', '--output', 'NUL', '--write-out', '%{http_code}', '--max-time', '30', '--resolve', '${hostname}:${ports.http}:${at}', '--resolve', '${hostname}:${ports.https}:${at}', $Url)
    }
    Confirm-That 'the packages are those of this release' { Test-SameFile "$Root\\requirements.txt" "$Root\\venv\\slipway-requirements.txt" }
    Confirm-That 'nobody but administrators and the service reads the secrets' {
        # Everyone, Users, Authenticated Users.
        $rules = (Get-Acl -LiteralPath "$Root\\secrets").GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
        -not ($rules | Where-Object { $_.IdentityReference.Value -in @('S-1-1-0', 'S-1-5-32-545', 'S-1-5-11') })
    }
${hasDatabase ? "    Confirm-That 'PostgreSQL listens on 127.0.0.1:5432' { (Test-NetConnection 127.0.0.1 -Port 5432 -WarningAction SilentlyContinue).TcpTestSucceeded }\n" : ""}    if ($Server -eq 'Apache') {
        Confirm-That "service $ApacheService runs" { (Get-Service -Name $ApacheService).Status -eq 'Running' }
        Confirm-That 'Apache takes its configuration' { Invoke-Native "$Apache\\bin\\httpd.exe" @('-t') 2>$null | Out-Null; $LASTEXITCODE -eq 0 }
        Confirm-That 'plain http leads to https' { (Get-Status 'http://${hostname}:${ports.http}/') -eq '308' }
        Confirm-That 'the application answers' { (Get-Status 'https://${hostname}:${ports.https}${healthPath}') -eq '200' }
    }
    else {
        Confirm-That "service $ServiceName runs" { (Get-Service -Name $ServiceName).Status -eq 'Running' }
        Confirm-That 'the application answers' { (Get-Status 'http://127.0.0.1:${SERVICE_PORT}${servicePath}') -eq '200' }
    }
    if ($script:failures -gt 0) { throw "$script:failures checks failed" }
}

function Uninstall-All {
    $program = Join-Path $Root "$ServiceName.exe"
    if (Get-Service -Name $ServiceName -ErrorAction SilentlyContinue) {
        Stop-Service -Name $ServiceName
        Invoke-Program $program @('uninstall')
        Write-Change "service $ServiceName is gone"
    }
    if (Test-Path -LiteralPath $HttpdConf) {
        $text = Read-Text $HttpdConf
        if (Test-Include $text) {
            Write-Text $HttpdConf (Remove-Include $text)
            Remove-Item -LiteralPath $SiteConf, $PythonConf -Force -ErrorAction SilentlyContinue
            # The service may be another site's as well.
            if (Get-Service -Name $ApacheService -ErrorAction SilentlyContinue) { Restart-Service -Name $ApacheService }
            Write-Change "$HttpdConf is without this site"
        }
    }
    foreach ($folder in @('venv', 'slipway', 'released')) {
        $path = Join-Path $Root $folder
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse -Force; Write-Change "$path is gone" }
    }
    Write-Host "What the application has written, its settings and its secrets are still in $Root; the database is as it was."
}

if ($Verify) {
    $installed = Get-Service -Name $ServiceName -ErrorAction SilentlyContinue
    if ($installed -and -not $PSBoundParameters.ContainsKey('Server')) { $Server = 'Service' }
    Test-Installation
    return
}
if ($Uninstall) { Uninstall-All; return }
Initialize-Stack
if ($Prepare) { return }
try {
    Install-Files
    Install-Python
    if ($Server -eq 'Apache') { Install-ApacheService } else { Install-WindowsService }
    Install-Access
${hasDatabase ? "    Confirm-Database\n" : ""}    Install-Release
    if ($Server -eq 'Apache') { Install-ApacheSite }
}
catch {
    Restore-Release
    throw
}
# Requests at hand are not waited for: Apache on Windows has one process, which takes a new Python by a new start only.
$running = if ($Server -eq 'Apache') { $ApacheService } else { $ServiceName }
Restart-Service -Name $running
Write-Change "$running runs with this release"
Test-Installation
Copy-Release (Join-Path $PSScriptRoot '${app}') $Released
`;
}

/** Elements of an array of PowerShell. */
function quoted(paths: readonly string[]): string {
  return paths.map((path) => `'${backslashes(path)}'`).join(", ");
}

function databaseCheck(): string {
  return `
function Confirm-Database {
    if ((Test-NetConnection 127.0.0.1 -Port 5432 -WarningAction SilentlyContinue).TcpTestSucceeded) { Write-Kept 'PostgreSQL' }
    else { throw 'PostgreSQL does not listen on 127.0.0.1:5432: install it, and run server.sql and roles.sql as README.md tells' }
}
`;
}
