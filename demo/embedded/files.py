"""Small files that survive a crash half-way through writing, and one holder per folder."""

import fcntl
import json
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.embedded.errors import AlreadyRunning


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty when there is no file or it is not a JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: Any, *, mode: int = 0o600) -> None:
    """Replaces the file at once: a reader sees the old content or the new, never a part."""
    write_text(path, json.dumps(content, indent=2) + "\n", mode=mode)


def write_text(path: Path, text: str, *, mode: int = 0o600) -> None:
    """As `write_json`, for text. The mode is set before the first byte is written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class Secrets:
    """Random passwords, made on first use and kept in one file that only its owner reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._values: dict[str, str] = {}

    def get(self, name: str, *, make: Callable[[], str] = lambda: secrets.token_hex(20)) -> str:
        """The secret of this name; hexadecimal, so it needs no quoting in a URL."""
        with self._lock:
            if name not in self._values:
                # Read again: whoever held the folder before us may have made some since.
                self._values |= read_json(self.path)
            if name not in self._values:
                self._values[name] = make()
                write_json(self.path, self._values)
            return self._values[name]


class FolderLock:
    """Held while a stack runs, so that two never share a folder. Dies with its process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Raises AlreadyRunning when another holder has the folder. Holding it already is no error."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            message = (
                f"{self.path.parent} is in use by process {holder}. "
                "Stop that one first, or choose another folder."
            )
            raise AlreadyRunning(message) from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
