"""A web server of a bench: started, read from, and its processor time counted, PostgreSQL's part with it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.data import Fleet
from demo.embedded import EmbeddedStack

READERS = 4


@dataclass(frozen=True)
class PageResult:
    """What readers of a page saw, and what each request cost the server and PostgreSQL in processor time."""

    per_second: float
    p50_ms: float
    p95_ms: float
    web_cpu_ms: float
    database_cpu_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.web_cpu_ms + self.database_cpu_ms


@dataclass(frozen=True)
class Server:
    """A running gunicorn, and the database that it asks."""

    port: int
    pid: int
    database_url: str
    host: str = "127.0.0.1"

    def read(self, path: str, cookie: str, seconds: float) -> PageResult:
        """Read one page for so long, by several readers at once."""
        before = self._cpu()
        times = self._times(path, cookie, seconds)
        after = self._cpu()
        web, database = ((now - then) / len(times) * 1000 for now, then in zip(after, before, strict=True))
        return PageResult(
            len(times) / seconds,
            times[len(times) // 2] * 1000,
            times[int(len(times) * 0.95)] * 1000,
            web,
            database,
        )

    def get(self, path: str, cookie: str) -> str:
        """The page once. Raises when it does not come."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path, headers={"Cookie": cookie, "Host": self.host})
            response = connection.getresponse()
            body = response.read().decode()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        return body

    def _times(self, path: str, cookie: str, seconds: float) -> list[float]:
        times: list[float] = []
        until = time.monotonic() + seconds

        def read() -> None:
            while time.monotonic() < until:
                started = time.perf_counter()
                self.get(path, cookie)
                times.append(time.perf_counter() - started)

        readers = [threading.Thread(target=read) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        if not times:
            raise RuntimeError(f"{path} did not come")
        return sorted(times)

    def _cpu(self) -> tuple[float, float]:
        """Seconds of processor time of the web server's processes, and of the connections of its database."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            backends = connection.execute(
                "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
                " and backend_type = 'client backend'"
            ).fetchall()
        return sum(map(_seconds_of, children)), sum(_seconds_of(pid) for (pid,) in backends)


def _seconds_of(pid: object) -> float:
    """Processor time of all threads of one process, from the scheduler's own count."""
    return sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


@contextmanager
def served(
    application: str, environment: dict[str, str], database_url: str, *, ready: str, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """`application` by gunicorn with two plain workers, until the `with` ends."""
    port = _free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2",
            "--no-control-socket", "--log-level", "error", application,
        ],
        env=dict(os.environ) | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_ready(port, ready, host)
        yield Server(port, process.pid, database_url, host)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            # On a machine with no time to spare: what comes next is not to wait for it.
            process.kill()
            process.wait()


@contextmanager
def ours(stack: EmbeddedStack, fleet: Fleet) -> Iterator[Server]:
    """The product, on this fleet."""
    environment = {
        "WEBELONG_MODE": "test",
        "SECRET_KEY": "bench-" + "x" * 40,
        "BASE_URL": "http://127.0.0.1",
        "DATABASE_URL": fleet.urls["wb_web"],
        "DATABASE_SIGNIN_URL": fleet.urls["wb_signin"],
        "REDIS_URL": stack.redis.url,
        "S3_ENDPOINT": stack.s3.endpoint,
        "S3_ACCESS_KEY": stack.s3.access_key,
        "S3_SECRET_KEY": stack.s3.secret_key,
        "S3_BUCKET": stack.s3.bucket,
        "NOTIFY_API_KEY": "bench",
    }
    with served("wsgi:app", environment, fleet.superuser_url, ready="/healthz") as server:
        yield server


def _wait_until_ready(port: int, path: str, host: str) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", path, headers={"Host": host})
                if connection.getresponse().status < 400:
                    return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web server did not start")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
