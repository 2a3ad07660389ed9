"""Runs the whole service with a demonstration borough, from one command and under one folder."""

import contextlib
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

import infra
from demo.embedded import EmbeddedStack, StartError
from demo.embedded.files import write_json
from demo.embedded.ports import is_free
from demo.embedded.supervisor import Process, Spec, Supervisor
from tenants.roles import LOGINS, ensure_login_roles

ROOT = Path(infra.__file__).resolve().parents[1]
QUEUES = ("messages", "documents", "rollup")
READY_SECONDS = 120.0
# Together with the stack's own 15 seconds this stays well under the promised 40.
STOP_SECONDS = 15.0


class Stopped(Exception):
    """Somebody asked us to stop before everything was up."""


class StopRequest:
    """Remembers that SIGTERM, Ctrl-C or a closed terminal asked for the end, however often."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "StopRequest":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        # Under nohup a closed terminal is no reason to stop.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            self._before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        if self.asked:
            raise Stopped

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        # Nothing else may happen here: a second Ctrl-C must not interrupt the stopping.
        self.asked = True


@dataclass(frozen=True)
class Programs:
    """The commands of the service's own processes; tests put their own in."""

    migrate: list[str]
    load: list[str]
    mailbox: Callable[[int, Path], list[str]]
    web: Callable[[int], list[str]]
    workers: Mapping[str, list[str]]


def service_programs() -> Programs:
    """What really runs."""
    python = sys.executable
    web = [python, "-m", "gunicorn", "--config", "python:infra.webserver", "wsgi:app", "--workers", "2"]
    web += ["--timeout", "60", "--graceful-timeout", "10"]
    return Programs(
        migrate=[python, "-m", "migrations"],
        load=[python, "-m", "demo"],
        mailbox=lambda port, data: [
            python,
            "-m",
            "demo.mailbox",
            "--port",
            str(port),
            "--data",
            str(data),
        ],
        web=lambda port: [*web, "--bind", f"127.0.0.1:{port}"],
        workers={name: [python, "-m", "workers", name] for name in (*QUEUES, "schedule")},
    )


def run_demo(directory: Path, port: int | None, *, programs: Programs | None = None) -> int:
    """Runs the demo in the foreground until it is told to stop; the exit status.

    0 after SIGTERM or Ctrl-C, 1 when something could not be started or kept running, with the reason in
    plain words. What runs writes to `directory/log`, what others need to know is in `directory/demo.json`.
    """
    console = Console(highlight=False)
    with StopRequest() as stop:
        try:
            demo = Demo(directory, port, programs=programs or service_programs(), console=console, stop=stop)
        except (StartError, OSError) as error:
            console.print(f"The demo cannot use {directory}: {error}", markup=False)
            return 1
        return demo.run()


class Demo:
    """One demo in one folder."""

    def __init__(
        self,
        directory: Path,
        port: int | None,
        *,
        programs: Programs,
        console: Console,
        stop: StopRequest,
    ) -> None:
        self.stack = EmbeddedStack(directory, cancelled=lambda: stop.asked)
        self.directory = self.stack.directory
        self.console = console
        self.stop = stop
        self.programs = programs
        self.supervisor = Supervisor(self.directory, say=self.say)
        self._wanted_port = port
        self._environment: dict[str, str] = {}

    def say(self, sentence: str) -> None:
        # Whoever read our words may be gone (`| head`, a closed terminal). rich leaves the program then, which
        # must not happen before everything that we started is stopped.
        with contextlib.suppress(OSError, SystemExit):
            self.console.print(sentence, markup=False, soft_wrap=True)

    def run(self) -> int:
        try:
            self.stack.hold()
        except StartError as error:
            self.say(str(error))
            return 1
        status = 0
        try:
            self._start()
            self._keep_running()
        except Stopped:
            pass
        except (StartError, OSError) as error:
            if not self.stop.asked:
                self.say(str(error))
                status = 1
        finally:
            self._stop()
        return status

    def _start(self) -> None:
        began = time.monotonic()
        self._forget_addresses()
        self.supervisor.stop_leftovers()
        web_port = self._choose_web_port()
        self.say(f"Starting PostgreSQL, Redis and the S3 storage in {self.directory}")
        self.stack.start()
        for part in self.stack.parts:
            self.supervisor.watch(part, essential=part is self.stack.postgres)
        self.stop.check()

        passwords = {role: self.stack.secrets.get(f"role_{role}") for role in LOGINS}
        ensure_login_roles(self.stack.postgres.superuser_url, passwords)
        mailbox_port = self.stack.ports.get("mailbox")
        self._environment = self._make_environment(passwords, web_port, mailbox_port)
        mailbox = self.programs.mailbox(mailbox_port, self.directory / "mailbox")
        self._spawn("mailbox", "The mailbox", [*mailbox, "--service", self._environment["BASE_URL"]])

        self.say("Bringing the database up to date")
        self._run_step("migrate", "The database upgrade", self.programs.migrate)
        # Known from here on, so that other commands can look at a start that takes long.
        write_json(self.directory / "environment.json", self._environment)
        self._spawn("web", "The web server", self.programs.web(web_port))
        self.say("Looking after the demonstration borough")
        self._run_step(
            "load",
            "Loading the demonstration borough",
            self.programs.load,
            shows_progress=self.console.is_terminal,
        )

        self._wait_until_ready()
        # Last, so that they do not take the processor from what people wait for.
        for key, command in self.programs.workers.items():
            name = f"The worker for {key}" if key in QUEUES else f"The {key}"
            self._spawn(key, name, command, essential=False)
        accounts = self._read_accounts()
        self._publish(accounts)
        self._report(accounts, seconds=time.monotonic() - began)

    def _keep_running(self) -> None:
        while not self.stop.asked:
            self.supervisor.tend()
            time.sleep(0.2)

    def _stop(self) -> None:
        self.say("Stopping")
        self._forget_addresses()
        self.supervisor.stop(seconds=STOP_SECONDS)
        self.stack.stop()
        self.say(f"Stopped. The data stays in {self.directory}.")

    def _read_accounts(self) -> list[dict[str, Any]]:
        try:
            accounts = json.loads(self._accounts_file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StartError(f"The list of demonstration accounts cannot be read: {error}") from error
        return list(accounts)

    def _report(self, accounts: list[dict[str, Any]], *, seconds: float) -> None:
        first_of_role: dict[str, dict[str, Any]] = {}
        for account in accounts:
            first_of_role.setdefault(str(account["role"]), account)
        self.say(f"\nWe Belong is ready after {seconds:.0f} seconds. Sign in with one of these links:\n")
        for role, account in first_of_role.items():
            words = role.replace("_", " ").capitalize().replace("dsl", "DSL").replace("Senco", "SENCO")
            where = account.get("school") or account.get("authority") or ""
            # A link that is cut or broken over lines is of no use: each has a line of its own, however long.
            self.say(f"{words:<18}{account['name']:<24}{where}\n  {account['sign_in_url']}")
        self.say(
            f"\nWebsite  {self._environment['BASE_URL']}\nMailbox  {self._environment['MAILBOX_URL']}\n"
            f"All {len(accounts)} accounts are in {self.directory / 'demo.json'}. Stop with Ctrl-C.\n"
        )

    @property
    def _accounts_file(self) -> Path:
        return self.directory / "accounts.json"

    def _forget_addresses(self) -> None:
        # The files say that a demo runs; without one they would send other commands to closed doors.
        for name in ("demo.json", "environment.json"):
            (self.directory / name).unlink(missing_ok=True)

    def _choose_web_port(self) -> int:
        if self._wanted_port is None:
            return self.stack.ports.get("web")
        if not is_free(self._wanted_port):
            raise StartError(
                f"Port {self._wanted_port} is in use. Choose another with --port, or leave it out."
            )
        return self._wanted_port

    def _make_environment(
        self, passwords: Mapping[str, str], web_port: int, mailbox_port: int
    ) -> dict[str, str]:
        stack = self.stack
        urls = {role: stack.postgres.url_for(role, password) for role, password in passwords.items()}
        mailbox_url = f"http://127.0.0.1:{mailbox_port}"
        return {
            "WEBELONG_MODE": "demo",
            "WEBELONG_DIR": str(self.directory),
            "BASE_URL": f"http://127.0.0.1:{web_port}",
            "SECRET_KEY": stack.secrets.get("flask"),
            "DATABASE_URL": urls["wb_web"],
            "DATABASE_SIGNIN_URL": urls["wb_signin"],
            "DATABASE_OWNER_URL": urls["wb_owner"],
            "DATABASE_DISPATCH_URL": urls["wb_dispatch"],
            "DATABASE_ROLLUP_URL": urls["wb_rollup"],
            "DATABASE_DOCUMENTS_URL": urls["wb_documents"],
            "REDIS_URL": stack.redis.url,
            "S3_ENDPOINT": stack.s3.endpoint,
            "S3_ACCESS_KEY": stack.s3.access_key,
            "S3_SECRET_KEY": stack.s3.secret_key,
            "S3_BUCKET": stack.s3.bucket,
            "NOTIFY_BASE_URL": mailbox_url,
            "NOTIFY_API_KEY": stack.secrets.get("notify", make=_make_notify_key),
            # Of the borough's own service: typed in by nobody, as the borough is made with it.
            "DEMO_COUNCIL_KEY": stack.secrets.get("notify_council", make=_make_notify_key),
            "NOTIFY_CALLBACK_TOKENS": stack.secrets.get("callbacks"),
            "MAILBOX_URL": mailbox_url,
        }

    def _spec(self, key: str, name: str, command: list[str], *, essential: bool = True) -> Spec:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "FLASK_", "GUNICORN_", "RQ_", "AWS_"))
        }
        environment = {
            **inherited,
            "PYTHONUNBUFFERED": "1",
            **self._environment,
            "MAILBOX_API_KEYS": f"{self._environment['NOTIFY_API_KEY']} {self._environment['DEMO_COUNCIL_KEY']}",
            "WEBELONG_DEMO_ACCOUNTS": str(self._accounts_file),
        }
        return Spec(key, name, command, environment, ROOT, essential)

    def _spawn(self, key: str, name: str, command: list[str], *, essential: bool = True) -> None:
        self.supervisor.start(self._spec(key, name, command, essential=essential))

    def _run_step(self, key: str, name: str, command: list[str], *, shows_progress: bool = False) -> None:
        spec = self._spec(key, name, command)
        process = Process(replace(spec, shows_progress=shows_progress), self.directory)
        if not process.run(cancelled=lambda: self.stop.asked):
            raise Stopped

    def _wait_until_ready(self) -> None:
        addresses = [
            f"{self._environment['BASE_URL']}/readyz",
            f"{self._environment['MAILBOX_URL']}/healthz",
        ]
        deadline = time.monotonic() + READY_SECONDS
        while not all(_answers(address) for address in addresses):
            self.stop.check()
            self.supervisor.tend()
            if time.monotonic() > deadline:
                log = self.directory / "log" / "web.log"
                raise StartError(f"The service was not ready after {READY_SECONDS:g} seconds. Look at {log}.")
            time.sleep(0.1)

    def _publish(self, accounts: list[dict[str, Any]]) -> None:
        stack = self.stack
        content = {
            "base_url": self._environment["BASE_URL"],
            "accounts": accounts,
            "database_url": stack.postgres.superuser_url,
            "redis_url": stack.redis.url,
            "s3": {
                "endpoint": stack.s3.endpoint,
                "access_key": stack.s3.access_key,
                "secret_key": stack.s3.secret_key,
                "bucket": stack.s3.bucket,
            },
            "mailbox_url": self._environment["MAILBOX_URL"],
        }
        write_json(self.directory / "demo.json", content)


def _make_notify_key() -> str:
    return f"demo-{uuid.uuid4()}-{uuid.uuid4()}"


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 (our own loopback)  # nosec B310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
