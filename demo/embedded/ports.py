"""Free loopback ports, remembered so that a restart keeps its addresses."""

import random
import socket
import threading
import time
from pathlib import Path

from demo.embedded.errors import StartError
from demo.embedded.files import read_json, write_json

# Under the range from which the kernel takes ports for outgoing connections (32768 and up), so nobody
# borrows ours between two starts; with SeaweedFS's second port, 10,000 higher, inside it as well.
LOWEST, HIGHEST = 11_000, 20_999
COMPANION = 10_000


def is_free(port: int) -> bool:
    """True when a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of a stopped server that linger in TIME_WAIT are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Ports:
    """The ports of one folder, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._ports: dict[str, int] = {
            name: port for name, port in read_json(path).items() if isinstance(port, int)
        }

    def get(self, name: str, *, companion: bool = False, patience: float = 0.0) -> int:
        """A port that is free now: that of last time when possible, waiting `patience` seconds for it.

        With `companion` the port 10,000 above it is free too. Raises StartError when there is none.
        """
        deadline = time.monotonic() + patience
        while (
            (remembered := self.known(name))
            and not self._usable(remembered, companion)
            and time.monotonic() < deadline
        ):
            time.sleep(0.05)
        with self._lock:
            return self._choose(name, companion)

    def _choose(self, name: str, companion: bool) -> int:
        remembered = self._ports.get(name)
        if remembered is not None and self._usable(remembered, companion):
            return remembered
        taken = {port for other, port in self._ports.items() if other != name}
        for _ in range(400):
            port = random.randint(LOWEST, HIGHEST)  # noqa: S311 (no secret: spreads two starts apart)
            if port not in taken and self._usable(port, companion):
                self._ports[name] = port
                write_json(self.path, self._ports)
                return port
        raise StartError(f"No free port between {LOWEST} and {HIGHEST} on 127.0.0.1.")

    def known(self, name: str) -> int | None:
        """The remembered port, free or not."""
        return self._ports.get(name)

    @staticmethod
    def _usable(port: int, companion: bool) -> bool:
        return is_free(port) and (not companion or is_free(port + COMPANION))
