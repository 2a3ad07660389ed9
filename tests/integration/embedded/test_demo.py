"""The demo's supervisor, with the real stack and mailbox and small stand-ins for the service's own processes."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import urllib.request
from pathlib import Path

import psycopg
import pytest

from demo.embedded.process import start_time, wait_for

ROOT = Path(__file__).parents[3]

WEB = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
LOAD = """
import json, os
from pathlib import Path
link = os.environ["BASE_URL"] + "/in"
account = dict(name="Ada", email=None, phone="07700900001", authority=None, school="Elm", sign_in_url=link)
people = [account | {"role": "parent"}, account | {"role": "parent", "name": "Second"}]
Path(os.environ["WEBELONG_DEMO_ACCOUNTS"]).write_text(json.dumps(people))
"""
# A worker with a helper in a process group of its own, neither of which listens to SIGTERM.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgrp()
while True:
    time.sleep(1)
"""
RUN = """
import sys
from pathlib import Path
import demo.run as demo
from demo.embedded.stack import EmbeddedStack
python, web, load, worker, migrate = sys.argv[2:]
demo.STOP_SECONDS = 1.0
demo.EmbeddedStack = lambda *a, **k: EmbeddedStack(*a, durable=False, with_s3=False, shared_buffers="32MB", **k)
real = demo.service_programs()
programs = demo.Programs(
    migrate=[python, "-c", migrate],
    load=[python, "-c", load],
    mailbox=real.mailbox,
    web=lambda port: [python, "-c", web, str(port)],
    workers={"messages": [python, "-c", worker]},
)
sys.exit(demo.run_demo(Path(sys.argv[1]), None, programs=programs))
"""


class Demo:
    def __init__(self, directory, *, worker=STUBBORN, migrate="", web=WEB):
        self.directory = directory
        arguments = [str(directory), sys.executable, web, LOAD, worker, migrate]
        command = [sys.executable, "-c", textwrap.dedent(RUN), *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def file(self):
        return self.directory / "demo.json"

    def ready(self):
        assert wait_for(lambda: self.file.exists() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.process.communicate()[0]
        return json.loads(self.file.read_text())

    def pids(self):
        notes = (self.directory / "pids").glob("*.json")
        return {path.stem: json.loads(path.read_text())["pid"] for path in notes}

    def end(self):
        words, _ = self.process.communicate(timeout=60)
        return self.process.returncode, words


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(name="demo", **options):
        demo = Demo(tmp_path / name, **options)
        started.append(demo)
        return demo

    yield begin
    for demo in started:
        if demo.process.poll() is None:
            demo.process.terminate()
        demo.process.communicate(timeout=60)


def sessions(leaders):
    """Every live process in the sessions that these lead."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and start_time(int(entry.name)):
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) in leaders:
                found.add(int(entry.name))
    return found


def test_demo_starts_heals_stops_and_starts_again(start):
    demo = start()
    told = demo.ready()
    assert set(told) == {"base_url", "accounts", "database_url", "redis_url", "s3", "mailbox_url"}
    assert told["accounts"][0]["sign_in_url"] == told["base_url"] + "/in"
    with urllib.request.urlopen(told["mailbox_url"] + "/messages.json", timeout=5) as response:
        assert json.load(response) == []
    with psycopg.connect(told["database_url"], autocommit=True) as connection:
        connection.execute("set synchronous_commit = on")
        connection.execute("create table kept ()")
    for name in ("demo.json", "environment.json", "secrets.json"):
        assert (demo.directory / name).stat().st_mode & 0o077 == 0
    environment = json.loads((demo.directory / "environment.json").read_text())
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        assert connection.execute("select current_user").fetchone() == ("wb_web",)

    # A second demo in this folder is refused and harms nothing.
    status, words = start().end()
    assert status == 1
    assert f"in use by process {demo.process.pid}" in words
    assert json.loads(demo.file.read_text()) == told

    # The web server and PostgreSQL are killed, and come back where they were.
    before = demo.pids()
    for part in ("web", "postgres"):
        os.kill(before[part], signal.SIGKILL)
    assert wait_for(
        lambda: {"web", "postgres"} <= {k for k, v in demo.pids().items() if v != before.get(k)}, 30
    )

    def heals():
        try:
            with psycopg.connect(told["database_url"]) as connection:
                connection.execute("select from kept")
            with urllib.request.urlopen(told["base_url"] + "/readyz", timeout=5) as response:
                return response.status == 200
        except (OSError, psycopg.OperationalError):
            return False

    assert wait_for(heals, 30)

    everything = sessions(set(demo.pids().values()))
    assert len(everything) > len(demo.pids())
    demo.process.send_signal(signal.SIGINT)
    demo.process.send_signal(signal.SIGINT)
    status, words = demo.end()
    assert status == 0
    assert not [pid for pid in everything if start_time(pid)]
    assert not demo.file.exists()
    assert not (demo.directory / "environment.json").exists()
    assert told["base_url"] + "/in" in words
    assert "Second" not in words
    assert "The web server stopped by itself; starting it again." in words

    again = start()
    assert again.ready()["base_url"] == told["base_url"]
    with psycopg.connect(told["database_url"]) as connection:
        connection.execute("select from kept")


def test_start_ends_what_a_killed_supervisor_left(start):
    first = start()
    first.ready()
    left = sessions(set(first.pids().values()))
    first.process.kill()
    first.end()
    assert [pid for pid in left if start_time(pid)]
    first.file.unlink()
    second = start(worker="import time; time.sleep(600)")
    second.ready()
    assert not [pid for pid in left if start_time(pid)]


def test_demo_that_cannot_be_set_up_says_why_and_leaves_nothing(start):
    demo = start(migrate="raise SystemExit('revision 7 is missing')")
    status, words = demo.end()
    assert status == 1
    assert "The database upgrade did not work." in words
    assert "revision 7 is missing" in words
    assert demo.pids() == {}


def test_stop_during_the_start_stops_everything(start):
    demo = start(migrate="import time; time.sleep(600)")
    assert wait_for(lambda: "migrate" in demo.pids(), 30)
    everything = sessions(set(demo.pids().values()))
    demo.process.terminate()
    status, _ = demo.end()
    assert status == 0
    assert not [pid for pid in everything if start_time(pid)]
