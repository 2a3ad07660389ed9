"""Runs the stack's programs without root's rights.

PostgreSQL refuses to run as root, and the others have no need to. As an ordinary user nothing changes. As
root, programs run as the data folder's owner when that is somebody else, and as `nobody` otherwise.
"""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.embedded.errors import StartError

# The right to pass through closed folders, the narrower one first; containers often lack that one.
PASSAGE = {"dac_read_search": 2, "dac_override": 1}


@dataclass(frozen=True)
class Account:
    """Who runs the programs. `uid` is None when that is simply the current user."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Gives a folder and what is in it to this account, closed to everybody else."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.uid is None or self.gid is None:
            return
        if path.stat().st_uid != self.uid:
            for parent, folders, files in os.walk(path):
                for name in (*folders, *files):
                    os.chown(os.path.join(parent, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(path, self.uid, self.gid)

    def give(self, path: Path) -> None:
        """Gives one file to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def wrap(self, command: list[str], *paths: Path) -> tuple[list[str], dict[str, Any]]:
        """The command and the `subprocess` arguments that run it as this account.

        `paths` are the program and the folders that it must reach. Raises StartError when it cannot.
        """
        if self.uid is None or self.gid is None:
            return command, {}
        if all(can_reach(path, self.uid, self.gid) for path in paths):
            return command, {"user": self.uid, "group": self.gid, "extra_groups": []}
        return [*self._with_passage(paths), *command], {}

    def _with_passage(self, paths: tuple[Path, ...]) -> list[str]:
        # A private folder lies on the way (/root, say). Opening it would change the machine for everybody and
        # for good, and moving the data out would break the promise that it lies under the chosen folder. So
        # this one process keeps one of root's rights: to pass through folders.
        setpriv = shutil.which("setpriv")
        right = next((name for name, number in PASSAGE.items() if _may_pass_on(number)), None)
        if setpriv is None or right is None:
            blocked = next(path for path in paths if not can_reach(path, self.uid or 0, self.gid or 0))
            raise StartError(
                f"PostgreSQL does not run as root, and other accounts cannot reach {blocked}. "
                "Run the command as an ordinary user, or choose a place that every user may pass through."
            )
        return [
            setpriv,
            f"--reuid={self.uid}",
            f"--regid={self.gid}",
            "--clear-groups",
            f"--inh-caps=+{right}",
            f"--ambient-caps=+{right}",
            # Without this the right would not count in access(), by which initdb looks for its own programs.
            "--securebits=+no_setuid_fixup",
            "--",
        ]


def account_for(folder: Path) -> Account:
    """The account for programs whose data is in this folder, which need not exist yet."""
    if os.geteuid() != 0:
        return Account()
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        ordinary = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
        if not ordinary:
            raise StartError("PostgreSQL does not run as root, and this machine has no other user.") from None
        entry = ordinary[-1]
    return Account(entry.pw_uid, entry.pw_gid)


def can_reach(path: Path, uid: int, gid: int) -> bool:
    """True when the file permissions let this user pass every folder on the way to `path`."""
    path = path.resolve()
    folders = [*path.parents, path] if path.is_dir() else list(path.parents)
    return all(_may_pass(folder.stat(), uid, gid) for folder in folders)


def _may_pass(folder: os.stat_result, uid: int, gid: int) -> bool:
    if folder.st_uid == uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def _may_pass_on(capability: int) -> bool:
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return False
    held = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.startswith("Cap")}
    return all(int(held.get(name, "0"), 16) >> capability & 1 for name in ("CapPrm", "CapBnd"))
