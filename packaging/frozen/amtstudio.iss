; UNTRIED. Inno Setup recipe: an installer for Windows from the folder that amtstudio.spec makes.
;   iscc /DVersion=0.1.0 packaging\frozen\amtstudio.iss
#ifndef Version
  #define Version "0.1.0"
#endif

[Setup]
AppId=org.amtstudio.AMTStudio
AppName=AMT Studio
AppVersion={#Version}
DefaultDirName={autopf}\AMT Studio
DefaultGroupName=AMT Studio
; Into the user's own folder, without an administrator, unless one is there.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=amtstudio-{#Version}-setup
Compression=lzma2/fast
UninstallDisplayIcon={app}\AMT Studio.exe

[Files]
Source: "..\..\dist\AMT Studio\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\AMT Studio"; Filename: "{app}\AMT Studio.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\.amts"; ValueType: string; ValueData: "AMTStudio.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\AMTStudio.Project"; ValueType: string; ValueData: "AMT Studio project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\AMTStudio.Project\shell\open\command"; ValueType: string; ValueData: """{app}\AMT Studio.exe"" gui ""%1"""

[Run]
Filename: "{app}\AMT Studio.exe"; Description: "Start AMT Studio"; Flags: nowait postinstall skipifsilent
