"""The embedded programs, started for real."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from demo.embedded import AlreadyRunning, EmbeddedStack, StartError
from demo.embedded.account import PASSAGE, account_for
from demo.embedded.process import start_time, wait_for

ROOT = Path(__file__).parents[3]


def stack(directory, **options):
    return EmbeddedStack(directory, durable=False, shared_buffers="32MB", **options)


def ask(url, statement):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone() if cursor.description else None


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    # The folder that pytest makes is private to this user, and this one lies deep in it: both are on purpose.
    directory = tmp_path_factory.mktemp("stack") / ("deep-" * 12) / ("deeper-" * 12)
    with stack(directory) as started:
        yield started


def test_each_part_answers_with_its_password(running):
    assert ask(running.postgres.superuser_url, "select current_user, current_database()") == (
        "postgres",
        "webelong",
    )
    with redis.Redis.from_url(running.redis.url) as client:
        assert client.ping()
    assert running.s3.client().get_bucket_versioning(Bucket=running.s3.bucket)["Status"] == "Enabled"


def test_each_part_refuses_a_wrong_password(running):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(running.postgres.url_for("postgres", "wrong"))
    stranger = redis.Redis(port=running.redis.port, retry=Retry(NoBackoff(), 0))
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    running.s3.client().put_object(Bucket=running.s3.bucket, Key="secret", Body=b"kept")
    with socket.create_connection(("127.0.0.1", running.s3.port)) as connection:
        connection.sendall(b"GET /webelong/secret HTTP/1.0\r\n\r\n")
        assert b" 403 " in connection.recv(200)


def test_storage_keeps_versions_and_refuses_the_back_door(running):
    client = running.s3.client()
    client.put_object(Bucket=running.s3.bucket, Key="twice", Body=b"one")
    client.put_object(Bucket=running.s3.bucket, Key="twice", Body=b"two")
    versions = client.list_object_versions(Bucket=running.s3.bucket, Prefix="twice")["Versions"]
    assert len(versions) == 2
    filer = json.loads((running.directory / "ports.json").read_text())["s3_filer"]
    with socket.create_connection(("127.0.0.1", filer)) as connection:
        connection.sendall(b"GET /buckets/webelong/twice HTTP/1.0\r\n\r\n")
        assert b" 401 " in connection.recv(200)


def test_nothing_listens_beyond_this_machine(running):
    ports = json.loads((running.directory / "ports.json").read_text()).values()
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    addresses = [line.split()[1] for line in listening if line.split()[3] == "0A"]
    ours = [address for address in addresses if int(address.split(":")[1], 16) in ports]
    assert ours
    assert {address.split(":")[0] for address in ours} == {"0100007F"}


def test_secrets_are_for_their_owner_only(running):
    assert stat.S_IMODE((running.directory / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((running.directory / "postgres").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_no_program_keeps_the_rights_of_root(running):
    for part in (running.postgres, running.redis, running.s3):
        assert Path(f"/proc/{part.pid}").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
@pytest.mark.parametrize("right", list(PASSAGE))
def test_programs_in_a_private_folder_run_without_the_rights_of_root(tmp_path, monkeypatch, right):
    monkeypatch.setattr("demo.embedded.account.PASSAGE", {right: PASSAGE[right]})
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    tool = private / "tool"
    # As initdb does it: asks whether it may run its own file.
    tool.write_text('#!/bin/sh\ntest -x "$0" && exec id -u\n')
    tool.chmod(0o755)
    account = account_for(tmp_path / "data")
    command, options = account.wrap([str(tool)], tool)
    ran = subprocess.run(command, capture_output=True, text=True, check=True, **options)
    assert int(ran.stdout) == account.uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_a_folder_beyond_reach_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("demo.embedded.account.PASSAGE", {})
    tmp_path.chmod(0o700)
    with pytest.raises(StartError, match=str(tmp_path)):
        account_for(tmp_path / "data").wrap(["tool"], tmp_path)


def test_log_holds_neither_statement_nor_values(running):
    with psycopg.connect(running.postgres.superuser_url, autocommit=True) as connection:
        connection.execute("create table if not exists people (email text primary key)")
        for _ in range(2):
            try:
                connection.execute("insert into people values ('someone@example.org')")
            except psycopg.errors.UniqueViolation:
                break
    log = (running.directory / "log" / "postgres.log").read_text()
    assert "people_pkey" in log
    assert "someone@example.org" not in log


def test_second_holder_of_a_folder_is_refused(running):
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        stack(running.directory).start()
    assert running.postgres.running


def test_two_folders_run_side_by_side(running, tmp_path):
    with stack(tmp_path / "other") as other:
        ask(other.postgres.superuser_url, "create table only_here ()")
        assert ask(running.postgres.superuser_url, "select to_regclass('only_here')") == (None,)
        assert other.s3.client().list_objects_v2(Bucket=other.s3.bucket)["KeyCount"] == 0
    assert running.postgres.running
    assert running.redis.running
    assert running.s3.running


def test_restart_keeps_data_and_addresses_unless_somebody_took_those(tmp_path):
    def addresses(stack):
        return [stack.postgres.superuser_url, stack.redis.url, stack.s3.endpoint]

    def check(stack):
        assert ask(stack.postgres.superuser_url, "select answer from kept") == (42,)
        assert stack.s3.client().get_object(Bucket=stack.s3.bucket, Key="kept")["Body"].read() == b"bytes"
        with redis.Redis.from_url(stack.redis.url, decode_responses=True) as client:
            assert client.get("kept") == "value"

    with stack(tmp_path / "one") as first:
        ask(first.postgres.superuser_url, "create table kept as select 42 as answer")
        first.s3.client().put_object(Bucket=first.s3.bucket, Key="kept", Body=b"bytes")
        with redis.Redis.from_url(first.redis.url) as client:
            client.set("kept", "value")
        before = addresses(first)
    assert not list((tmp_path / "one" / "pids").iterdir())
    with stack(tmp_path / "one") as second:
        assert addresses(second) == before
        check(second)
    ports = json.loads((tmp_path / "one" / "ports.json").read_text())
    squatters = [socket.create_server(("127.0.0.1", port)) for port in ports.values()]
    try:
        with stack(tmp_path / "one") as third:
            assert not set(addresses(third)) & set(before)
            check(third)
    finally:
        for squatter in squatters:
            squatter.close()


CRASH = """
import os, sys
from demo.embedded import EmbeddedStack
stack = EmbeddedStack(sys.argv[1], durable=False, shared_buffers="32MB", with_s3=False)
stack.start()
os.kill(os.getpid(), 9)
"""


def crash(directory):
    ended = subprocess.run([sys.executable, "-c", CRASH, str(directory)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    pids = directory / "pids"
    return {path.stem: json.loads(path.read_text())["pid"] for path in pids.iterdir()}


def test_start_after_a_crash_replaces_what_was_left_running(tmp_path):
    left = crash(tmp_path / "one")
    assert all(start_time(pid) for pid in left.values())
    with stack(tmp_path / "one", with_s3=False) as second:
        assert ask(second.postgres.superuser_url, "select 1") == (1,)
        assert not any(start_time(pid) for pid in left.values())


def test_start_after_everything_was_killed(tmp_path):
    left = crash(tmp_path / "one")
    for pid in left.values():
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: not any(start_time(pid) for pid in left.values()), 10)
    assert (tmp_path / "one" / "postgres" / "postmaster.pid").exists()
    with stack(tmp_path / "one", with_s3=False) as second:
        assert ask(second.postgres.superuser_url, "select 1") == (1,)


def test_start_spares_strangers_and_puts_an_unfinished_first_start_aside(tmp_path):
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        pids = tmp_path / "one" / "pids"
        pids.mkdir(parents=True)
        # The number of a process that is not the noted one: the kernel has given it to somebody else.
        note = {"pid": bystander.pid, "started": "at another time", "program": "postgres"}
        (pids / "postgres.json").write_text(json.dumps(note))
        (tmp_path / "one" / "postgres").mkdir()
        (tmp_path / "one" / "postgres" / "PG_VERSION").write_text("18\n")
        with stack(tmp_path / "one", with_s3=False, with_redis=False) as started:
            assert ask(started.postgres.superuser_url, "select 1") == (1,)
            assert bystander.poll() is None
        assert list((tmp_path / "one").glob("postgres.unfinished-*"))
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
