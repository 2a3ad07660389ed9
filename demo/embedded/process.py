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

from demo.embedded.errors import StartError
from demo.embedded.files import read_json, write_json

_POLL = 0.02
# A log larger than this is put aside at the next start; the one before is dropped.
LOG_BYTES = 5_000_000


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


def session_of(leader: int) -> dict[int, str]:
    """Every live process of the session that `leader` leads, with its start time.

    The session and not the process group: a worker's helper may lead a group of its own.
    """
    members = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, IndexError):
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
            if int(fields[3]) == leader and (started := start_time(int(entry.name))):
                members[int(entry.name)] = started
    return members


def kill_all(processes: dict[int, str]) -> None:
    """Kills those that are still the very processes that were seen."""
    for pid, started in processes.items():
        if start_time(pid) == started:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def stop_leftover(record: Record, *, first: int = signal.SIGTERM, patience: float = 10.0) -> bool:
    """Ends the process that a record of an earlier run names. True when there was one.

    Raises StartError when it survives even being killed, which means it belongs to another user.
    """
    pid = record.running()
    if pid is None:
        record.remove()
        return False
    session = session_of(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, first)
    in_time = wait_for(lambda: record.running() is None, patience)
    kill_all(session)
    if not in_time and not wait_for(lambda: record.running() is None, 5.0):
        name = record.path.stem
        raise StartError(f"Process {pid} of an earlier run ({name}) cannot be stopped. End it by hand.")
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
    """One program that we started, leader of a session of its own: Ctrl-C in the terminal passes it by."""

    def __init__(
        self, name: str, *, log: Path, record: Record, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.name = name
        self._cancelled = cancelled
        self.log = log
        self.record = record
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str], **options: Any) -> None:
        """Raises StartError when the program cannot even be run."""
        self.finish(seconds=0)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.record.path.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        streams: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": descriptor,
            "stderr": subprocess.STDOUT,
        } | options
        try:
            process = subprocess.Popen(list(command), start_new_session=True, **streams)
        except OSError as error:
            raise StartError(f"{self.name} cannot be run: {error}") from error
        finally:
            os.close(descriptor)
        self.process = process
        self.record.write(process.pid, str(command[0]))

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
        answered = wait_for(lambda: self._cancelled() or not self.running or ready(), seconds)
        if self._cancelled():
            raise StartError(f"{self.name} was told to stop before it answered.")
        if answered and self.running:
            return
        why = "did not answer in time" if self.running else "ended at once"
        raise StartError(f"{self.name} {why}. The end of {self.log}:\n{log_end(self.log)}")

    def ask_to_stop(self, number: int = signal.SIGTERM) -> None:
        """Signals the program itself, so that it can end its own helpers in order."""
        if self.running and self.process is not None:
            os.kill(self.process.pid, number)

    def finish(self, *, seconds: float) -> bool:
        """Waits for the end, then kills what is left of its session. False when it had to be killed."""
        if self.process is None:
            return True
        in_time = wait_for(lambda: not self.running, seconds)
        # Its number is still taken until we collect it, so this session can be nobody else's.
        kill_all(session_of(self.process.pid))
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
