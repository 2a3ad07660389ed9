"""Redis 6.2 under one folder, on loopback with a password."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from demo.embedded.account import account_for
from demo.embedded.files import Secrets, write_text
from demo.embedded.ports import Ports
from demo.embedded.process import Child, Record, stop_leftover
from demo.embedded.programs import redis_program

# A restart must come back at the address that everybody knows.
RESTART_PATIENCE = 5.0
START_SECONDS = 20.0

_CONFIGURATION = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir "{data}"
daemonize no
save 30 1
stop-writes-on-bgsave-error no
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
"""


class Redis:
    """One server. Its memory is saved on a clean stop and every half minute: PostgreSQL is the truth."""

    def __init__(
        self, folder: Path, *, ports: Ports, secrets: Secrets, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.data = folder / "redis"
        self._configuration = folder / "redis.conf"
        self._ports = ports
        self._secrets = secrets
        self._record = Record(folder / "pids" / "redis.json")
        self._child = Child(
            "Redis", log=folder / "log" / "redis.log", record=self._record, cancelled=cancelled
        )
        self.port = 0

    @property
    def _password(self) -> str:
        return self._secrets.get("redis")

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    @property
    def log(self) -> Path:
        return self._child.log

    @property
    def name(self) -> str:
        return self._child.name

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def pid(self) -> int | None:
        return self._child.pid

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises StartError."""
        stop_leftover(self._record)
        account = account_for(self.data)
        account.own(self.data)
        self.port = self._ports.get("redis", patience=RESTART_PATIENCE if self.port else 0)
        # In a file, not on the command line, where every user of the machine could read the password.
        write_text(
            self._configuration,
            _CONFIGURATION.format(port=self.port, password=self._password, data=self.data),
        )
        account.give(self._configuration)
        command, options = account.wrap(
            [str(redis_program()), str(self._configuration)], redis_program(), self.data, self._configuration
        )
        self._child.start(command, cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"}, **options)
        try:
            self._child.wait_until(self._answers, seconds=START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self, *, seconds: float = 10.0) -> None:
        """Saves and ends."""
        self._child.ask_to_stop(signal.SIGTERM)
        self._child.finish(seconds=seconds)

    def _answers(self) -> bool:
        # We ask again ourselves, and sooner than the client's own patience would.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
