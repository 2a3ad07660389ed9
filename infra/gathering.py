"""Reads requests whole before Python works on them, and sends answers, for as many slow browsers as there are.

One thread in each web worker waits for all connections at once. The worker itself meets whole requests only, so that
half a request, a slow upload or a browser that does not read its answer takes nobody's turn.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from queue import Empty, SimpleQueue
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from infra.framing import FIRST_LINE, LINE_BYTES, Chunks, framing


@dataclass(frozen=True, slots=True)
class Patience:
    """How much is waited for, in seconds and bytes."""

    head: float = 10
    #: Without a byte; and for a whole upload, which at 10 MB is 35 kB a second.
    idle: float = 20
    body: float = 300
    answer: float = 60
    linger: float = 5
    #: As much as the application takes, and what frames it. What says that it is more is not waited for.
    largest: int = 12 * 1024 * 1024
    head_bytes: int = 64 * 1024
    #: Discarded at the end from somebody who sends on, so that the answer is read.
    discarded: int = 64 * 1024 * 1024
    #: Of one worker. A newcomer beyond it takes the place of whoever has sent half a request the longest.
    connections: int = 500


_IN_MEMORY = 256 * 1024
_PIECE = 64 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _State(IntEnum):
    READING = 0
    WORKED_ON = 1
    ANSWERING = 2
    LINGERING = 3


def _room() -> IO[bytes]:
    """In memory while it is small, on disk when it is an upload; gone when it is closed."""
    return SpooledTemporaryFile(_IN_MEMORY)


@dataclass(eq=False, slots=True)
class Connection:
    """One browser: what it has sent, and what it is still to be sent."""

    sock: socket.socket
    address: Any
    listener: Any
    began: float
    until: float
    state: _State = _State.READING
    head: bytearray = field(default_factory=bytearray)
    sent: IO[bytes] = field(default_factory=_room)
    has_head: bool = False
    body: int = 0
    chunks: Chunks | None = None
    received: int = 0
    last: float = 0.0
    answer: bytearray = field(default_factory=bytearray)
    told: int = 0


class Whole:
    """What the worker gets in place of a socket: a request that is all there, and room for its answer."""

    def __init__(self, connection: Connection, done: Callable[[Connection], None]) -> None:
        self._connection, self._done, self._is_done = connection, done, False

    def recv(self, size: int, _flags: int = 0) -> bytes:
        return b"" if self._is_done else self._connection.sent.read(size)

    def sendall(self, data: bytes) -> None:
        if data != _CONTINUE:  # said long ago, or nothing would be here
            self._connection.answer += data

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def shutdown(self, _how: int) -> None:
        self.close()

    def close(self) -> None:
        if not self._is_done:
            self._is_done = True
            self._done(self._connection)

    def settimeout(self, _seconds: float | None) -> None:
        """Nothing here waits."""

    def setblocking(self, _blocking: bool) -> None:
        """Nothing here waits."""

    def gettimeout(self) -> float | None:
        return None

    def getsockname(self) -> Any:
        return self._connection.sock.getsockname()

    def fileno(self) -> int:
        return self._connection.sock.fileno()


class Gatherer:
    """The thread that waits for everybody. `get` gives the worker one whole request after another."""

    def __init__(
        self, listeners: Sequence[Any], refusal: Callable[[int, str], bytes], patience: Patience = Patience()
    ) -> None:
        self.listeners, self.refusal, self.patience = listeners, refusal, patience
        self._ready: SimpleQueue[Connection] = SimpleQueue()
        self._answered: SimpleQueue[Connection] = SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._open: dict[Connection, None] = {}
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_out, False)
        os.set_blocking(self._wake_in, False)
        self._idle, self._stopping, self._listens = True, False, False
        self._thread = threading.Thread(target=self._run, name="gatherer", daemon=True)

    # --- for the worker ------------------------------------------------------------------------------------

    def start(self) -> None:
        for listener in self.listeners:
            listener.setblocking(False)
        self._selector.register(self._wake_out, selectors.EVENT_READ)
        self._thread.start()

    def get(self, timeout: float) -> tuple[Any, Whole, Any] | None:
        """The next whole request with its listener and address, or None after so many seconds without one."""
        if not self._idle:
            # Until now another worker had its turn: who is busy takes nobody's call.
            self._idle = True
            self._wake()
        try:
            connection = self._ready.get(timeout=timeout)
        except Empty:
            return None
        self._idle = False
        return connection.listener, Whole(connection, self._finish), connection.address

    def stop(self) -> None:
        """Take no more calls; what is under way goes on."""
        self._stopping = True
        self._wake()

    @property
    def is_busy(self) -> bool:
        """Whether somebody still waits for an answer or sends a request."""
        return any(
            one.state in (_State.READING, _State.WORKED_ON, _State.ANSWERING) for one in tuple(self._open)
        )

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _finish(self, connection: Connection) -> None:
        self._answered.put(connection)
        self._wake()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full: it is awake
            os.write(self._wake_in, b"w")

    # --- the thread ----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            self._listen(self._idle and not self._stopping and self._ready.empty())
            for key, events in self._selector.select(0.25 if self._open else 1):
                if key.fd == self._wake_out:
                    self._drain_wakes()
                elif isinstance(key.data, Connection):
                    self._guarded(self._go_on, key.data, events)
                else:
                    self._accept(key.fileobj)
            while not self._answered.empty():
                self._guarded(self._begin_answer, self._answered.get())
            self._give_up_on_the_late()

    def _drain_wakes(self) -> None:
        with suppress(BlockingIOError):
            while os.read(self._wake_out, 4096):
                pass

    def _guarded(self, step: Callable[..., None], connection: Connection, *more: Any) -> None:
        """One browser's trouble is its own."""
        try:
            step(connection, *more)
        except (BlockingIOError, InterruptedError):
            pass
        except (OSError, ValueError):
            self._drop(connection)

    def _listen(self, wanted: bool) -> None:
        if wanted != self._listens:
            self._listens = wanted
            for listener in self.listeners:
                if wanted:
                    self._selector.register(listener, selectors.EVENT_READ)
                else:
                    self._selector.unregister(listener)

    def _accept(self, listener: Any) -> None:
        if not (self._listens and self._ready.empty()):
            return
        try:
            sock, address = listener.accept()
        except OSError:
            return  # another worker was faster, or the caller hung up
        sock.setblocking(False)
        sock.set_inheritable(False)
        if len(self._open) >= self.patience.connections:
            self._drop_the_slowest()
        moment = time.monotonic()
        connection = Connection(sock, address, listener, moment, moment + self.patience.head, last=moment)
        self._open[connection] = None
        self._selector.register(sock, selectors.EVENT_READ, connection)
        self._guarded(self._read, connection)

    def _go_on(self, connection: Connection, _events: int) -> None:
        match connection.state:
            case _State.READING:
                self._read(connection)
            case _State.ANSWERING:
                self._send(connection)
            case _State.LINGERING:
                self._discard(connection)

    def _read(self, connection: Connection) -> None:
        data = connection.sock.recv(_PIECE)
        if not data:
            self._drop(connection)
            return
        connection.last = time.monotonic()
        connection.received += len(data)
        if connection.has_head:
            connection.sent.write(data)
            is_whole = self._body_ends(connection, data)
        else:
            connection.head += data
            is_whole = self._head_ends(connection)
        if is_whole:
            self._hand_over(connection)

    def _head_ends(self, connection: Connection) -> bool:
        """Whether the request is whole, or can be seen to be none: the worker answers both."""
        head = bytes(connection.head)
        line, has_line, _ = head.lstrip(b"\r\n").partition(b"\r\n")
        end = head.find(b"\r\n\r\n")
        if not has_line:
            return len(line) > LINE_BYTES
        if not FIRST_LINE.fullmatch(line):
            return True
        if end < 0:
            return len(head) > self.patience.head_bytes or len(head[head.rfind(b"\r\n") :]) > LINE_BYTES
        connection.has_head = True
        connection.sent.write(head)
        connection.head.clear()
        length, is_chunked, is_expected = framing(head[:end])
        if is_chunked:
            connection.chunks = Chunks()
        elif not length or length > self.patience.largest:
            return True
        connection.body = length
        connection.until = connection.began + self.patience.body
        rest = head[end + 4 :]
        if self._body_ends(connection, rest):
            return True
        if is_expected and not rest:
            connection.sock.send(_CONTINUE)
        return False

    def _body_ends(self, connection: Connection, data: bytes) -> bool:
        if connection.chunks is None:
            connection.body -= len(data)
            return connection.body <= 0
        try:
            return connection.chunks.end_with(data) or connection.received > self.patience.largest
        except ValueError:
            return True  # the worker sees what is wrong with it

    def _hand_over(self, connection: Connection) -> None:
        if connection.head:
            connection.sent.write(connection.head)
            connection.head.clear()
        connection.sent.seek(0)
        connection.state = _State.WORKED_ON
        self._selector.unregister(connection.sock)
        self._ready.put(connection)
        self._listen(False)

    def _begin_answer(self, connection: Connection) -> None:
        connection.sent.close()
        connection.state = _State.ANSWERING
        connection.until = time.monotonic() + self.patience.answer
        self._selector.register(connection.sock, selectors.EVENT_WRITE, connection)
        self._send(connection)

    def _send(self, connection: Connection) -> None:
        while connection.told < len(connection.answer):
            piece = bytes(memoryview(connection.answer)[connection.told : connection.told + _PIECE])
            connection.told += connection.sock.send(piece)
        connection.sock.shutdown(socket.SHUT_WR)
        connection.state, connection.received = _State.LINGERING, 0
        connection.until = time.monotonic() + self.patience.linger
        self._selector.modify(connection.sock, selectors.EVENT_READ, connection)

    def _discard(self, connection: Connection) -> None:
        """Without this the end of an answer is lost to somebody who still sends (RFC 9112, 9.6)."""
        data = connection.sock.recv(_PIECE)
        connection.received += len(data)
        if not data or connection.received > self.patience.discarded:
            self._drop(connection)
        elif connection.received > _PIECE:
            connection.until = min(connection.until + 1, time.monotonic() + self.patience.linger)

    def _give_up_on_the_late(self) -> None:
        moment = time.monotonic()
        for connection in tuple(self._open):
            is_idle = connection.state == _State.READING and moment - connection.last > self.patience.idle
            if connection.state == _State.WORKED_ON or not (moment > connection.until or is_idle):
                continue
            if connection.state == _State.READING and connection.received:
                self._guarded(self._refuse, connection)
            else:
                self._drop(connection)

    def _refuse(self, connection: Connection) -> None:
        """Say once that we waited long enough; whoever is too slow to hear it is let go."""
        connection.sock.send(self.refusal(408, "Request Timeout"))
        self._drop(connection)

    def _drop_the_slowest(self) -> None:
        slow = [one for one in self._open if one.state in (_State.READING, _State.LINGERING)]
        if slow:
            self._drop(min(slow, key=lambda one: one.began))

    def _drop(self, connection: Connection) -> None:
        self._open.pop(connection, None)
        if connection.state != _State.WORKED_ON:
            with suppress(KeyError, ValueError):
                self._selector.unregister(connection.sock)
        connection.sent.close()
        connection.sock.close()
