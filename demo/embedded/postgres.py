"""PostgreSQL 18 under one folder, on loopback TCP with passwords only."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from demo.embedded.account import Account, account_for
from demo.embedded.errors import StartError
from demo.embedded.files import Secrets, read_json, write_json, write_text
from demo.embedded.ports import Ports
from demo.embedded.process import Child, Record, program_of, stop_leftover, wait_for
from demo.embedded.programs import postgres_programs

SUPERUSER = "postgres"
DATABASE = "webelong"
# A restart must come back at the address that everybody knows.
RESTART_PATIENCE = 5.0
START_SECONDS = 30.0
#: What moves the clock of a process (libfaketime).
_CLOCK = ("LD_PRELOAD", "FAKETIME", "DONT_FAKE_MONOTONIC", "FAKETIME_DONT_FAKE_MONOTONIC")

# For a machine with two cores that also runs everything else.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # No socket file: its path may not be longer than 107 bytes, and the chosen folder may lie deep.
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    # Error details and statements can hold what people typed; the log must not.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Postgres:
    """One cluster under `folder`. `durable=False` is for tests: faster, and lost when the machine stops."""

    def __init__(
        self,
        folder: Path,
        *,
        ports: Ports,
        secrets: Secrets,
        durable: bool = True,
        shared_buffers: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.data = folder / "postgres"
        self.durable = durable
        self.settings = dict(_SETTINGS)
        if not durable:
            self.settings |= _NOT_DURABLE
        if shared_buffers:
            self.settings["shared_buffers"] = shared_buffers
        self._ports = ports
        self._secrets = secrets
        self._made = folder / "postgres.json"
        self._record = Record(folder / "pids" / "postgres.json")
        self._child = Child(
            "PostgreSQL", log=folder / "log" / "postgres.log", record=self._record, cancelled=cancelled
        )
        self.port = 0

    @property
    def _password(self) -> str:
        return self._secrets.get("postgres")

    @property
    def superuser_url(self) -> str:
        """The address of the database, as the cluster's superuser. No part of the product logs in with it."""
        return self.url_for(SUPERUSER, self._password)

    def url_for(self, role: str, password: str, *, database: str = DATABASE) -> str:
        """The address of the database for a login role."""
        return (
            f"postgresql://{quote(role, safe='')}:{quote(password, safe='')}"
            f"@127.0.0.1:{self.port}/{quote(database, safe='')}"
        )

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
        """Makes the cluster on first use, starts it and waits until it answers. Raises StartError."""
        self._end_leftovers()
        account = account_for(self.data)
        if not read_json(self._made):
            self._make_cluster(account)
        account.own(self.data)
        self.port = self._ports.get("postgres", patience=RESTART_PATIENCE if self.port else 0)
        command = [
            *_with_the_callers_clock(),
            str(postgres_programs() / "postgres"),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
        ]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        command, options = account.wrap(command, postgres_programs() / "postgres", self.data)
        self._child.start(command, cwd="/", env=_environment(), **options)
        try:
            self._child.wait_until(self._answers, seconds=START_SECONDS)
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self, *, seconds: float = 15.0) -> None:
        """Fast shutdown: ends the clients' connections, writes a checkpoint, ends."""
        # SIGTERM would wait for every client to leave by itself.
        self._child.ask_to_stop(signal.SIGINT)
        self._child.finish(seconds=seconds)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(
                self.url_for(SUPERUSER, self._password, database="postgres"), connect_timeout=5
            ):
                return True
        except psycopg.OperationalError:
            return False

    def _make_database(self) -> None:
        address = self.url_for(SUPERUSER, self._password, database="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
            if found is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))

    def _make_cluster(self, account: Account) -> None:
        # No note of a finished cluster: whatever lies there is a first start that was cut short.
        if self.data.exists() and any(self.data.iterdir()):
            aside = self.data.with_name(f"postgres.unfinished-{os.getpid()}")
            self.data.rename(aside)
        account.own(self.data)
        password_file = self.data.with_name("initdb.password")
        write_text(password_file, self._password + "\n")
        account.give(password_file)
        command = [
            str(postgres_programs() / "initdb"),
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            # The same order and the same case rules on every machine, whatever languages it has installed.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        if not self.durable:
            command.append("--no-sync")
        command, options = account.wrap(command, postgres_programs() / "initdb", self.data, password_file)
        try:
            made = subprocess.run(
                command, cwd="/", env=_environment(), capture_output=True, text=True, check=False, **options
            )
        finally:
            password_file.unlink(missing_ok=True)
        if made.returncode:
            raise StartError(f"PostgreSQL's data folder could not be made:\n{made.stdout}{made.stderr}")
        write_json(self._made, {"version": 18})

    def _end_leftovers(self) -> None:
        """Ends every PostgreSQL process that still works on this data folder; then its lock file may go.

        The order matters: a helper can outlive its killed server for a while, and a second server beside it
        would ruin the data. The lock file must go too, for its number may be somebody else's by now.
        """
        stop_leftover(self._record, first=signal.SIGINT, patience=15.0)
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            for pid in _working_on(self.data):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
            if wait_for(lambda: not _working_on(self.data), 5.0):
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return
        raise StartError(f"Another PostgreSQL works on {self.data} and cannot be stopped. End it by hand.")


def _working_on(data: Path) -> list[int]:
    folder = str(data.resolve())
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and os.readlink(entry / "cwd") == folder:
                pid = int(entry.name)
                if Path(program_of(pid) or "").name == "postgres":
                    found.append(pid)
    return found


def _environment() -> dict[str, str]:
    # None of the caller's PG* variables: they would reach into this cluster's settings.
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _with_the_callers_clock() -> list[str]:
    """Words before the server's command: a clock that was moved for us (libfaketime) is moved for it too.

    By `env` and not in the environment: what changes the account first must not meet the library.
    """
    moved = [f"{name}={os.environ[name]}" for name in _CLOCK if name in os.environ]
    return ["/usr/bin/env", *moved] if moved else []
