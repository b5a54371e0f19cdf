"""The files that make an office a service of a Debian machine: systemd unit, its own user, its folders.

Nothing is started and no program is run: the files are written, below another root if asked, and whoever
installs types the three lines that put them into force. Every file begins with `MARK`; only such files
are ever overwritten or removed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OfficeElsewhereError, ServiceRefusedError
from pipeline.office import Office

MARK = "# Written by `saraban service install`; to change it use `systemctl edit saraban`."
NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
UNIT, USERS, FOLDERS = (
    Path("etc/systemd/system/saraban.service"),
    Path("etc/sysusers.d/saraban.conf"),
    Path("etc/tmpfiles.d/saraban.conf"),
)
OUT_OF_FORCE = ("systemctl disable --now saraban", "systemctl daemon-reload")


@dataclass(frozen=True, slots=True)
class Service:
    """What is installed: the office, the program file, and who runs it.

    Members of `scanner_group` may lay files into the inbox, and see nothing else of the office.
    """

    office: Office
    program: Path
    user: str = "saraban"
    scanner_group: str = "scanner"


def find_program() -> Path:
    """Return the `saraban` beside the Python that runs now. Raises ServiceRefusedError."""
    program = Path(sys.executable).with_name("saraban")
    if not program.is_file():
        raise ServiceRefusedError(f"{program} is not there; install Saraban, as with pipx")
    return program


def install(service: Service, root: Path) -> tuple[Path, ...]:
    """Write the files below `root`; return them. Raises ServiceRefusedError, before anything is written."""
    for name in (service.user, service.scanner_group):
        if not NAME.fullmatch(name):
            raise ServiceRefusedError(f"{name!r} is no name of a user or group")
    for path in (service.office.root, service.program, *_folders_outside(service.office)):
        if re.search(r"[\s%\"'\\;]", str(path)):
            raise ServiceRefusedError(f"systemd cannot be told of {str(path)!r}; use a plain name")
    texts = {UNIT: unit(service), USERS: users(service), FOLDERS: folders(service)}
    for place in texts:
        _refuse_foreign(root / place)
    written = []
    for place, text in texts.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{MARK}\n{text}", encoding="utf-8")
        written.append(path)
    return tuple(written)


def put_into_force(service: Service) -> tuple[str, ...]:
    """Return the lines that root types after `install`, in order."""
    owner = f"{service.user}:{service.user}"
    return (
        "systemd-sysusers saraban.conf",
        f"chown -R {owner} {service.office.root}",
        "systemd-tmpfiles --create saraban.conf",
        "systemctl daemon-reload",
        "systemctl enable --now saraban",
    )


def uninstall(root: Path) -> tuple[Path, ...]:
    """Remove the files; the office, its user and the journal stay. Raises ServiceRefusedError."""
    there = [root / place for place in (UNIT, USERS, FOLDERS) if (root / place).exists()]
    for path in there:
        _refuse_foreign(path)
    for path in there:
        path.unlink()
    return tuple(there)


def unit(service: Service) -> str:
    """Return the systemd unit. What it may write: the office, folders it watches, a backup's folder."""
    office = service.office
    stop = office.settings.work.stop_seconds + 20
    writable = " ".join(dict.fromkeys(str(p) for p in (office.root, *_folders_outside(office))))
    in_a_home = service.program.is_relative_to("/home") or service.program.is_relative_to("/root")
    return f"""\
[Unit]
Description=Saraban: letters of {office.root.name}
Documentation=man:systemd.exec(5)
After=local-fs.target network.target time-sync.target
RequiresMountsFor={office.root}

[Service]
Type=exec
User={service.user}
Group={service.user}
SupplementaryGroups={service.scanner_group}
ExecStart={service.program} serve --office {office.root}
Environment=OMP_THREAD_LIMIT=1 LANG=C.UTF-8 HOME=/nonexistent
Restart=on-failure
# a folder that was moved or copied waits for somebody to say which: saraban place
RestartPreventExitStatus={OfficeElsewhereError.exit_code}
RestartSec=5
KillMode=mixed
TimeoutStopSec={stop}
UMask=0077

# What it may touch
ReadWritePaths={writable}
ProtectSystem=strict
ProtectHome={"read-only" if in_a_home else "yes"}
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed

# What it may do
CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def users(service: Service) -> str:
    """Return the line for systemd-sysusers: a user of its own that nobody logs in as."""
    return (
        f"g {service.scanner_group} -\n"
        f'u {service.user} - "Saraban" {service.office.root} /usr/sbin/nologin\n'
    )


def folders(service: Service) -> str:
    """Return the lines for systemd-tmpfiles: scanners pass through the office's folder to the inbox only."""
    office, user, scanners = service.office.root, service.user, service.scanner_group
    inner = ("archive", "quarantine", "work", "rules")
    return "".join(
        (
            f"d {office} 0710 {user} {scanners} -\n",
            *(f"d {office}/{name} 0700 {user} {user} -\n" for name in inner),
            *(
                f"d {service.office.folder_of(one)} {'2730' if one.secret else '2770'} {user} {scanners} -\n"
                for one in service.office.settings.watch.folder
            ),
        )
    )


def _folders_outside(office: Office) -> Iterator[Path]:
    """Yield watched folders, and the backup's, that lie outside the office."""
    backup = office.settings.backup.to
    watched = [office.folder_of(one) for one in office.settings.watch.folder]
    for path in (*watched, *([Path(backup)] if backup.startswith("/") else ())):
        if not path.is_relative_to(office.root):
            yield path


def _refuse_foreign(path: Path) -> None:
    if path.exists() and not path.read_text("utf-8", errors="replace").startswith(MARK):
        raise ServiceRefusedError(f"{path} was not written by this program; move it away first")
