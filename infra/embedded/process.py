"""Child processes with a log and a record on disk, so that a later start can find what a crash left behind.

A record names the process by number, start time and program. A number alone proves nothing: the kernel
hands it out again, and a start must never end somebody else's process.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.embedded.errors import StartError
from infra.embedded.files import read_json, write_json

_POLL = 0.02


def start_time(pid: int) -> str | None:
    """When the process started, as the system counts it (boot id and clock ticks); None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
    fields = text.rsplit(")", 1)[1].split()
    if fields[0] in "ZX":
        return None
    return f"{boot}:{fields[19]}"


def program_of(pid: int) -> str | None:
    """The program that the process runs, links resolved; None when that cannot be seen."""
    try:
        return os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
    except OSError:
        return None


@dataclass(frozen=True)
class Record:
    """The note about one process in the folder's `pids/`."""

    path: Path

    def write(self, pid: int, program: str) -> None:
        write_json(self.path, {"pid": pid, "started": start_time(pid), "program": program})

    def running(self) -> int | None:
        """The process that the note means, if it is alive and is still that very process."""
        note = read_json(self.path)
        pid, started = note.get("pid"), note.get("started")
        if not isinstance(pid, int) or pid <= 1 or not started or start_time(pid) != started:
            return None
        return pid

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def signal_group(pid: int, number: int) -> None:
    """Sends the signal to the process group that `pid` leads; nothing when it has gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def stop_leftover(record: Record, *, first: int = signal.SIGTERM, patience: float = 10.0) -> bool:
    """Ends the process that a record of an earlier run names. True when there was one.

    Raises StartError when it survives even being killed, which means it belongs to another user.
    """
    pid = record.running()
    if pid is None:
        record.remove()
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, first)
    if not wait_for(lambda: record.running() is None, patience):
        signal_group(pid, signal.SIGKILL)
        if not wait_for(lambda: record.running() is None, 5.0):
            message = (
                f"Process {pid} of an earlier run ({record.path.stem}) cannot be stopped. End it by hand."
            )
            raise StartError(message)
    record.remove()
    return True


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """True as soon as the condition holds, False when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL)
    return True


class Child:
    """One program that we started, leader of a process group of its own."""

    def __init__(self, name: str, *, log: Path, record: Record) -> None:
        self.name = name
        self.log = log
        self.record = record
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str], **options: Any) -> None:
        """Raises StartError when the program cannot even be run."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.record.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )
        except OSError as error:
            raise StartError(f"{self.name} cannot be run: {error}") from error
        finally:
            os.close(descriptor)
        self.record.write(self.process.pid, str(command[0]))

    @property
    def running(self) -> bool:
        """Looks without collecting the ended process: until `finish`, its number cannot go to another."""
        if self.process is None:
            return False
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None else None

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Returns once the program answers. Raises StartError, with the log's end, when it does not."""
        if wait_for(lambda: not self.running or ready(), seconds) and self.running:
            return
        why = "did not answer in time" if self.running else "ended at once"
        raise StartError(f"{self.name} {why}. The end of {self.log}:\n{log_end(self.log)}")

    def ask_to_stop(self, number: int = signal.SIGTERM) -> None:
        """Signals the program itself, so that it can end its own helpers in order."""
        if self.running and self.process is not None:
            os.kill(self.process.pid, number)

    def finish(self, *, seconds: float) -> bool:
        """Waits for the end, then kills what is left of the group. False when it had to be killed."""
        if self.process is None:
            return True
        in_time = wait_for(lambda: not self.running, seconds)
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.record.remove()
        self.process = None
        return in_time


def log_end(path: Path, *, lines: int = 12) -> str:
    """The last lines of a log."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8192))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
