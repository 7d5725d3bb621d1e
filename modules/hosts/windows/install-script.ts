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
  readonly hostname: string;
  readonly ports: { readonly http: number; readonly https: number };
  readonly healthPath: string;
  /** Of the service without Apache, where it is another one: py4web asks for its prefix. */
  readonly servicePath: string;
}

/** The text of `install.ps1`. Folders are fixed when it is written, as all other files name them. */
export function installScript(installation: WindowsInstallation): string {
  const { stack, app, root, writable, hasDatabase, hostname, ports, healthPath, servicePath } = installation;
  const service = `slipway-${stack}-${app}`;
  return `# Written by Slipway: installs ${app} of the stack ${stack} on Windows. It changes nothing that is so already.
#
#   .\\install.ps1                    behind Apache with mod_wsgi
#   .\\install.ps1 -Server Service    as a Windows service of its own, on 127.0.0.1:${SERVICE_PORT}
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
$HttpdConf = Join-Path $Apache 'conf\\httpd.conf'
$SiteConf = Join-Path $Apache 'conf\\extra\\slipway-${stack}.conf'
$PythonConf = Join-Path $Apache 'conf\\extra\\slipway-${stack}-python.conf'
$IncludeLine = 'Include conf/extra/slipway-${stack}.conf'
# By their numbers, because the names of these groups are translated.
$Administrators = '*S-1-5-32-544'
$System = '*S-1-5-18'
$NetworkService = '*S-1-5-20'

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

# Nobody inherits a right to read a secret.
function Set-SecretAccess([string] $Folder, [string[]] $Readers) {
    $grants = @("$($Administrators):(OI)(CI)F", "$($System):(OI)(CI)F") + @($Readers | ForEach-Object { "$($_):(OI)(CI)R" })
    Invoke-Program 'icacls.exe' (@($Folder, '/inheritance:r', '/grant:r') + $grants + @('/Q'))
    Invoke-Program 'icacls.exe' @($Folder, '/remove:g', '*S-1-5-32-545', '*S-1-5-11', '*S-1-1-0', '/Q')
    # What was copied before has the rights of then.
    if (Get-ChildItem -LiteralPath $Folder) { Invoke-Program 'icacls.exe' @("$Folder\\*", '/reset', '/T', '/Q') }
}

# Virtual accounts need no password, and have no right that is not given here.
function Get-Account {
    if ($Server -eq 'Service') { return "NT SERVICE\\$ServiceName" }
    $service = Get-CimInstance Win32_Service -Filter "Name='$ApacheService'"
    if ($null -eq $service -or $service.StartName -eq 'LocalSystem') { return $System }
    $service.StartName
}

function Install-Files {
    Copy-Folder (Join-Path $PSScriptRoot '${app}\\app') (Join-Path $Root 'app') @(${quoted(writable.flatMap((path) => (path.startsWith("app/") ? [path.slice("app/".length)] : [])))})
    Copy-Folder (Join-Path $PSScriptRoot '${app}\\slipway') (Join-Path $Root 'slipway')
    foreach ($folder in @('settings', 'secrets')) {
        $from = Join-Path $PSScriptRoot "${app}\\$folder"
        if (Test-Path -LiteralPath $from) { Copy-Folder $from (Join-Path $Root $folder) }
    }
    Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot '${app}') -File | ForEach-Object {
        Copy-Changed $_.FullName (Join-Path $Root $_.Name)
    }
    foreach ($folder in @(${quoted(["logs", "run", "static", ...writable])})) {
        New-Item -ItemType Directory -Force -Path (Join-Path $Root $folder) | Out-Null
    }
}

function Install-Access {
    $account = Get-Account
    Set-SecretAccess (Join-Path $Root 'secrets') @($account)
    # Of the code nobody but administrators may change anything.
    Invoke-Program 'icacls.exe' @($Root, '/inheritance:r', '/grant:r', "$($Administrators):(OI)(CI)F", "$($System):(OI)(CI)F", "$($account):(OI)(CI)RX", '/Q')
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
${hasDatabase ? databaseAccess() : ""}
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
    Set-Content -LiteralPath $PythonConf -Value $directives -Encoding Ascii
    Copy-Changed (Join-Path $PSScriptRoot 'conf\\extra\\slipway-${stack}.conf') $SiteConf
    $lines = @(Get-Content -LiteralPath $HttpdConf)
    if ($lines -contains $IncludeLine) { Write-Kept $HttpdConf }
    else {
        Add-Content -LiteralPath $HttpdConf -Value $IncludeLine -Encoding Ascii
        Write-Change $HttpdConf
    }
    Invoke-Native "$Apache\\bin\\httpd.exe" @('-t')
    if ($LASTEXITCODE -ne 0) {
        Set-Content -LiteralPath $HttpdConf -Value $lines -Encoding Ascii
        throw 'Apache refuses this configuration, for the reason above; httpd.conf is as it was'
    }
    if (Get-Service -Name $ApacheService -ErrorAction SilentlyContinue) { Write-Kept "service $ApacheService" }
    else {
        Invoke-Program "$Apache\\bin\\httpd.exe" @('-k', 'install', '-n', $ApacheService)
        Write-Change "service $ApacheService"
    }
    # Requests at hand are not waited for: Apache on Windows has one process, which takes a new Python by a new start only.
    Restart-Service -Name $ApacheService
    Write-Change "$ApacheService runs with this release"
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
        Invoke-Program 'sc.exe' @('config', $ServiceName, 'obj=', "NT SERVICE\\$ServiceName")
        Write-Change "service $ServiceName"
    }
    # The account exists since the service does.
    Install-Access
    Restart-Service -Name $ServiceName
    Write-Change "$ServiceName runs with this release"
}

function Test-Installation {
    function Confirm-That([string] $What, [scriptblock] $Check) {
        $passed = try { [bool](& $Check) } catch { $false }
        Write-Host "$(if ($passed) { 'passed' } else { 'FAILED' })  $What"
        if (-not $passed) { $script:failures++ }
    }
    $script:failures = 0
    function Get-Status([string] $Url) {
        Invoke-Native 'curl.exe' @('--silent', '--insecure', '--output', 'NUL', '--write-out', '%{http_code}', '--max-time', '30', '--resolve', '${hostname}:${ports.http}:127.0.0.1', '--resolve', '${hostname}:${ports.https}:127.0.0.1', $Url)
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
        $lines = @(Get-Content -LiteralPath $HttpdConf)
        if ($lines -contains $IncludeLine) {
            Set-Content -LiteralPath $HttpdConf -Value @($lines | Where-Object { $_ -ne $IncludeLine }) -Encoding Ascii
            Remove-Item -LiteralPath $SiteConf, $PythonConf -Force -ErrorAction SilentlyContinue
            # The service may be another site's as well.
            if (Get-Service -Name $ApacheService -ErrorAction SilentlyContinue) { Restart-Service -Name $ApacheService }
            Write-Change "$HttpdConf is without this site"
        }
    }
    foreach ($folder in @('venv', 'slipway')) {
        $path = Join-Path $Root $folder
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse -Force; Write-Change "$path is gone" }
    }
    Write-Host "What the application has written, its settings and its secrets are still in $Root; the database is as it was."
}

if ($Verify) { Test-Installation; return }
if ($Uninstall) { Uninstall-All; return }
Install-Files
Install-Python
# Before the first start the account of a service does not exist; its own step comes again with it.
if ($Server -eq 'Apache') { Install-Access }
${hasDatabase ? "Install-DatabaseAccess\n" : ""}Install-Release
if ($Server -eq 'Apache') { Install-ApacheSite } else { Install-WindowsService }
Test-Installation
`;
}

/** Elements of an array of PowerShell. */
function quoted(paths: readonly string[]): string {
  return paths.map((path) => `'${backslashes(path)}'`).join(", ");
}

function databaseAccess(): string {
  return `
# The installer of PostgreSQL has it run as Network Service.
function Install-DatabaseAccess {
    Copy-Folder (Join-Path $PSScriptRoot 'postgres') (Join-Path $Stack 'postgres')
    Set-SecretAccess (Join-Path $Stack 'postgres\\secrets') @($NetworkService)
    if ((Test-NetConnection 127.0.0.1 -Port 5432 -WarningAction SilentlyContinue).TcpTestSucceeded) { Write-Kept 'PostgreSQL' }
    else { throw 'PostgreSQL does not listen on 127.0.0.1:5432: install it, and run server.sql and roles.sql as README.md tells' }
}
`;
}
