"""PostgreSQL, Redis and S3 storage together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from demo.embedded.files import FolderLock, Secrets
from demo.embedded.object_store import ObjectStore
from demo.embedded.ports import Ports
from demo.embedded.postgres import Postgres
from demo.embedded.redis_server import Redis


class EmbeddedStack:
    """The programs of one folder. Started again, they find their data; two folders run side by side.

    `durable=False` is for tests: nothing is written through to the disk. A start is given up, with
    StartError, as soon as `cancelled` says so.
    """

    def __init__(
        self,
        directory: Path | str,
        *,
        with_s3: bool = True,
        with_redis: bool = True,
        durable: bool = True,
        shared_buffers: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.directory = Path(directory).resolve()
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in ("log", "pids"):
            (self.directory / name).mkdir(mode=0o700, exist_ok=True)
        self._lock = FolderLock(self.directory / "lock")
        self.ports = Ports(self.directory / "ports.json")
        self.secrets = Secrets(self.directory / "secrets.json")
        self.postgres = Postgres(
            self.directory,
            ports=self.ports,
            secrets=self.secrets,
            durable=durable,
            shared_buffers=shared_buffers,
            cancelled=cancelled,
        )
        self.redis = Redis(self.directory, ports=self.ports, secrets=self.secrets, cancelled=cancelled)
        self.s3 = ObjectStore(self.directory, ports=self.ports, secrets=self.secrets, cancelled=cancelled)
        self.parts: list[Postgres | Redis | ObjectStore] = [self.postgres]
        if with_redis:
            self.parts.append(self.redis)
        if with_s3:
            self.parts.append(self.s3)

    def hold(self) -> None:
        """Takes the folder for this process, before or instead of `start`. Raises AlreadyRunning."""
        self._lock.acquire()

    def start(self) -> None:
        """Starts all at once and waits for all. Raises StartError, with nothing left running."""
        self._lock.acquire()
        try:
            with ThreadPoolExecutor(len(self.parts)) as pool:
                starts = [pool.submit(part.start) for part in self.parts]
            for start in starts:
                start.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops all at once. Stopping what has stopped is no error."""
        with ThreadPoolExecutor(len(self.parts)) as pool:
            stops = [pool.submit(part.stop) for part in self.parts]
        self._lock.release()
        for stop in stops:
            stop.result()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
