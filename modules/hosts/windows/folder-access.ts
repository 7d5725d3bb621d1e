/** The part of `install.ps1` that says who may read and write a folder, by icacls. */
export const FOLDER_ACCESS = `# By their numbers, because the names of these groups are translated.
$Administrators = '*S-1-5-32-544'
$System = '*S-1-5-18'
$NetworkService = '*S-1-5-20'
$Users = '*S-1-5-32-545'

# Somebody who owns a folder may always change who has access to it, and a link leads to a folder of somebody's.
function Confirm-Owner([string] $Folder) {
    if ((Get-Item -LiteralPath $Folder -Force).Attributes -band [System.IO.FileAttributes]::ReparsePoint) {
        throw "$Folder is a link: remove it"
    }
    $owner = (Get-Acl -LiteralPath $Folder).GetOwner([System.Security.Principal.SecurityIdentifier])
    $own = [System.Security.Principal.WindowsIdentity]::GetCurrent().User
    if ($owner.Value -notin @('S-1-5-32-544', 'S-1-5-18', $own.Value)) {
        throw "$Folder belongs to $owner, and not to administrators: look at what is in it, and delete it or move it away"
    }
}

function Set-AdministratorAccess([string] $Folder, [string[]] $More = @()) {
    Invoke-Program 'icacls.exe' (@($Folder, '/inheritance:r', '/grant:r', "$($Administrators):(OI)(CI)F", "$($System):(OI)(CI)F") + $More + @('/Q'))
}

# Nobody inherits a right to read a secret.
function Set-SecretAccess([string] $Folder, [string[]] $Readers) {
    Set-AdministratorAccess $Folder @($Readers | ForEach-Object { "$($_):(OI)(CI)R" })
    Invoke-Program 'icacls.exe' @($Folder, '/remove:g', $Users, '*S-1-5-11', '*S-1-1-0', '/Q')
    # What was copied before has the rights of then.
    if (Get-ChildItem -LiteralPath $Folder) { Invoke-Program 'icacls.exe' @("$Folder\\*", '/reset', '/T', '/Q') }
}

# Virtual accounts need no password, and have no right that is not given here. They exist since their service does.
function Set-VirtualAccount([string] $Service) {
    Invoke-Program 'sc.exe' @('config', $Service, 'obj=', "NT SERVICE\\$Service")
}

`;
