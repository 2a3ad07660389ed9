"""Keeps a set of processes running: starts them, restarts what dies, stops all within a known time."""

import signal
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from demo.embedded.errors import StartError
from demo.embedded.process import Child, Record, log_end, stop_leftover

# More deaths than this within the window and we stop trying: something is wrong that a restart cannot mend.
MOST_RESTARTS = 5
WINDOW_SECONDS = 60.0
LEFTOVER_SECONDS = 3.0
STACK_RECORDS = ("postgres", "redis", "s3")


class Part(Protocol):
    """What can be watched: one of our processes or one of the stack's programs."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def running(self) -> bool: ...
    def start(self) -> None: ...


@dataclass(frozen=True)
class Spec:
    """One process to run. `key` names its log and its record; `name` is for people."""

    key: str
    name: str
    command: list[str]
    environment: Mapping[str, str]
    cwd: Path
    essential: bool = True
    # Progress that the person at the terminal should see goes to standard error.
    shows_progress: bool = False


class Process:
    """A process made from a Spec, to be started as often as needed."""

    def __init__(self, spec: Spec, folder: Path) -> None:
        self.spec = spec
        self.record = Record(folder / "pids" / f"{spec.key}.json")
        self._child = Child(spec.name, log=folder / "log" / f"{spec.key}.log", record=self.record)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def log(self) -> Path:
        return self._child.log

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def pid(self) -> int | None:
        return self._child.pid

    def start(self) -> None:
        """Raises StartError when the program cannot be run."""
        streams = {"stderr": None} if self.spec.shows_progress else {}
        self._child.start(self.spec.command, env=dict(self.spec.environment), cwd=self.spec.cwd, **streams)

    def run(self, *, cancelled: Callable[[], bool]) -> bool:
        """Runs it to its end. False when `cancelled` came first; raises StartError unless it ends well."""
        self.start()
        while self._child.running:
            if cancelled():
                self._child.ask_to_stop()
                self._child.finish(seconds=5)
                return False
            time.sleep(0.02)
        process = self._child.process
        self._child.finish(seconds=0)
        if process is not None and process.returncode:
            raise StartError(f"{self.name} did not work. The end of {self.log}:\n{log_end(self.log)}")
        return True

    def ask_to_stop(self) -> None:
        self._child.ask_to_stop(signal.SIGTERM)

    def finish(self, *, seconds: float) -> bool:
        return self._child.finish(seconds=seconds)


@dataclass
class _Watched:
    part: Part
    essential: bool
    deaths: deque[float] = field(default_factory=deque)
    due: float | None = None
    given_up: bool = False


class Supervisor:
    """Watches over parts. `say` gets one plain sentence for everything that happens to them."""

    def __init__(self, folder: Path, *, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self._watched: list[_Watched] = []

    def stop_leftovers(self) -> None:
        """Ends what a crashed run left behind in this folder. Raises StartError when that is impossible.

        The stack's programs are not touched: each ends its own leftover, in its own way, when it starts.
        """
        paths = [path for path in (self.folder / "pids").glob("*.json") if path.stem not in STACK_RECORDS]
        if not paths:
            return
        with ThreadPoolExecutor(len(paths)) as pool:
            found = pool.map(lambda path: stop_leftover(Record(path), patience=LEFTOVER_SECONDS), paths)
        if any(found):
            self.say("Stopped what was left of an earlier run that had not ended in order.")

    def start(self, spec: Spec) -> Process:
        """Starts a process and watches over it from now on."""
        process = Process(spec, self.folder)
        process.start()
        self.watch(process, essential=spec.essential)
        return process

    def watch(self, part: Part, *, essential: bool = True) -> None:
        self._watched.append(_Watched(part, essential))

    def tend(self) -> None:
        """Restarts what has died; call it often. Raises StartError when an essential part keeps dying."""
        for watched in self._watched:
            if watched.given_up or watched.part.running:
                continue
            now = time.monotonic()
            if watched.due is None:
                self._note_death(watched, now)
            if watched.due is not None and now >= watched.due:
                self._restart(watched)

    def stop(self, *, seconds: float) -> None:
        """Asks all processes to stop, and kills what has not in time. The stack's parts are left alone."""
        processes = [watched.part for watched in self._watched if isinstance(watched.part, Process)]
        self._watched.clear()
        deadline = time.monotonic() + seconds
        for process in processes:
            process.ask_to_stop()
        for process in processes:
            if not process.finish(seconds=deadline - time.monotonic()):
                self.say(f"{process.name} did not stop by itself and was ended.")

    def _note_death(self, watched: _Watched, now: float) -> None:
        deaths = watched.deaths
        deaths.append(now)
        while now - deaths[0] > WINDOW_SECONDS:
            deaths.popleft()
        name = watched.part.name
        if len(deaths) > MOST_RESTARTS:
            watched.given_up = True
            message = (
                f"{name} stopped {len(deaths)} times within a minute, so it is not started again. "
                f"The end of {watched.part.log}:\n{log_end(watched.part.log)}"
            )
            if watched.essential:
                raise StartError(message)
            self.say(message)
            return
        # At once the first time, then after longer and longer pauses.
        pause = 0.0 if len(deaths) == 1 else 0.5 * 2 ** (len(deaths) - 2)
        watched.due = now + pause
        self.say(f"{name} stopped by itself; starting it again{' shortly' if pause else ''}.")

    def _restart(self, watched: _Watched) -> None:
        watched.due = None
        try:
            watched.part.start()
        except StartError as error:
            self.say(f"{watched.part.name} did not start again: {error}")
