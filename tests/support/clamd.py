"""A small clamd: VERSION and INSTREAM as the real one answers them, over TCP or a unix socket."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from app.documents.scanning import EICAR
from infra.clock import now

#: Bytes of a stream that this clamd takes (StreamMaxLength).
LIMIT = 200_000


class FakeClamd:
    """Answers one connection at a time. What it does can be changed while it runs.

    `mode`: well, error, cut (it dies in its answer), silent, deaf (it hangs up in mid-stream), blind (it calls
    everything OK, the test file too), shy (it finds without a name).
    """

    def __init__(self, listener: socket.socket, url: str) -> None:
        self.listener = listener
        self.url = url
        self.mode = "well"
        self.signatures_at: datetime = now()
        self.seen: list[bytes] = []
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    @property
    def files(self) -> list[bytes]:
        """What it was given to look at, but for the bare test file."""
        return [data for data in self.seen if data != EICAR]

    def age(self, hours: int) -> None:
        """Make its signatures so old."""
        self.signatures_at = now() - timedelta(hours=hours)

    def stop(self) -> None:
        self.end.set()
        self.thread.join()
        self.listener.close()

    def _serve(self) -> None:
        self.listener.settimeout(0.1)
        while not self.end.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                with contextlib.suppress(OSError, struct.error):
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            command = b""
            while not command.endswith(b"\0") and (letter := stream.read(1)):
                command += letter
            if command == b"zVERSION\0":
                made = self.signatures_at.strftime("%a %b %d %H:%M:%S %Y")
                connection.sendall(f"ClamAV 1.4.3/27500/{made}\0".encode())
                return
            if command != b"zINSTREAM\0":
                connection.sendall(b"UNKNOWN COMMAND\0")
                return
            data = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                if len(data) + size > LIMIT:
                    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
                data += stream.read(size)
                if self.mode == "deaf":
                    return
        self.seen.append(data)
        self._say(connection, data)

    def _say(self, connection: socket.socket, data: bytes) -> None:
        if self.mode == "silent":
            self.end.wait(10)
        elif self.mode == "cut":
            connection.sendall(b"stream: O")
        elif self.mode == "error":
            connection.sendall(b"stream: Can't create temporary file ERROR\0")
        elif EICAR in data and self.mode != "blind":
            name = b"(null)" if self.mode == "shy" else b"Eicar-Signature"
            connection.sendall(b"stream: " + name + b" FOUND\0")
        else:
            connection.sendall(b"stream: OK\0")


@contextlib.contextmanager
def running_clamd(unix: Path | None = None) -> Iterator[FakeClamd]:
    """A clamd on a free TCP port, or on the unix socket `unix`."""
    if unix is None:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(unix))
        listener.listen()
        url = f"unix://{unix}"
    daemon = FakeClamd(listener, url)
    try:
        yield daemon
    finally:
        daemon.stop()
