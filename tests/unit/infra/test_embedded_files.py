"""What the embedded stack remembers between two starts, and whom it lets pass."""

import json
import os
import stat

import pytest

from demo.embedded.account import Account, can_reach
from demo.embedded.errors import AlreadyRunning
from demo.embedded.files import FolderLock, Secrets, read_json, write_json
from demo.embedded.process import LOG_BYTES, Record, log_end, start_time

STRANGER = 65_000


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_kept_for_their_owner(tmp_path):
    path = tmp_path / "secrets.json"
    first = Secrets(path).get("role")
    assert len(first) == 40
    assert Secrets(path).get("role") == first
    assert Secrets(path).get("other") != first
    assert mode(path) == 0o600


def test_secret_made_by_an_earlier_holder_is_respected(tmp_path):
    early, late = Secrets(tmp_path / "secrets.json"), Secrets(tmp_path / "secrets.json")
    assert early.get("role") == late.get("role")


def test_broken_file_counts_as_empty(tmp_path):
    path = tmp_path / "ports.json"
    path.write_text('{"web": 1')
    assert read_json(path) == {}
    path.write_text("[1]")
    assert read_json(path) == {}
    write_json(path, {"web": 2})
    assert read_json(path) == {"web": 2}
    assert [entry.name for entry in tmp_path.iterdir()] == ["ports.json"]


def test_second_holder_is_told_who_has_the_folder(tmp_path):
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    first.acquire()
    first.acquire()
    with pytest.raises(AlreadyRunning, match=f"in use by process {os.getpid()}"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_record_means_this_process_and_no_later_one(tmp_path):
    record = Record(tmp_path / "web.json")
    record.write(os.getpid(), "python")
    assert record.running() == os.getpid()
    note = json.loads(record.path.read_text())
    record.path.write_text(json.dumps(note | {"started": note["started"] + "0"}))
    assert record.running() is None
    assert start_time(2**22 + 1) is None


@pytest.mark.parametrize(
    "note", ["", "[]", "{}", '{"pid": 1, "started": "x"}', '{"pid": "7", "started": "x"}']
)
def test_record_that_makes_no_sense_names_nobody(tmp_path, note):
    record = Record(tmp_path / "web.json")
    record.path.write_text(note)
    assert record.running() is None


def test_private_folder_on_the_way_is_seen(tmp_path):
    folder = tmp_path / "open" / "data"
    folder.mkdir(parents=True)
    tmp_path.chmod(0o700)
    assert can_reach(folder, os.getuid(), os.getgid())
    assert not can_reach(folder, STRANGER, STRANGER)


def test_permission_follows_owner_then_group_then_others(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    for bits, outsider in ((0o701, True), (0o710, False), (0o770, False), (0o755, True)):
        home.chmod(bits)
        reachable = can_reach(home, STRANGER, STRANGER)
        assert reachable == (outsider and can_reach(tmp_path, STRANGER, STRANGER))


def test_ordinary_user_runs_commands_unchanged(tmp_path):
    assert Account().wrap(["redis-server"], tmp_path) == (["redis-server"], {})


def test_end_of_a_log_is_short(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("\n".join(f"line {number}" for number in range(5000)))
    assert log_end(log, lines=2) == "line 4998\nline 4999"
    assert log_end(tmp_path / "none.log") == "(no log)"
    assert log.stat().st_size < LOG_BYTES
