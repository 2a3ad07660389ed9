"""`webelong register import`: what it prints where, what it exits with, and what it writes."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from app.cli.register import register
from tests.factories.register import EXTRACT, csv_text, school, write_register
from tests.support.reading import value_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def run(empty_register, monkeypatch, tmp_path):
    """The command against an empty register; its report goes to `tmp_path/report.csv`."""
    monkeypatch.setenv("DATABASE_OWNER_URL", empty_register)

    def command(file, *options):
        report = ("--report", str(tmp_path / "report.csv"))
        return CliRunner().invoke(register, ["import", str(file), *report, *options])

    return command


@pytest.fixture
def count(empty_register):
    def schools():
        with psycopg.connect(empty_register) as connection:
            return value_of(connection, "select count(*) from register_school")

    return schools


def test_standard_output_is_one_line_that_adds_up(run, count):
    result = run(EXTRACT, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "added": 107, "changed": 0, "closed": 0, "unchanged": 0, "rejected": 0
    }  # fmt: skip
    assert result.stdout.count("\n") == 1
    assert "Reading the register" in result.stderr
    assert count() == 107


def test_without_json_it_says_the_same_in_words(run):
    assert run(EXTRACT).stdout == "107 rows: 107 added, 0 changed, 0 closed, 0 unchanged, 0 rejected.\n"


def test_rejected_lines_are_named_in_a_report_and_the_rest_goes_in(run, count, tmp_path):
    result = run(write_register(tmp_path, school("=1+1"), school(100002), school("")), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["rejected"] == 2
    assert count() == 1
    assert str(tmp_path / "report.csv") in result.stderr
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["urn"], row["what"]) for row in rows] == [
        ("2", "'=1+1", "rejected"),
        ("4", "", "rejected"),
    ]
    assert all("six digits" in row["words"] for row in rows)


def test_with_nothing_to_tell_there_is_no_report(run, tmp_path):
    run(write_register(tmp_path, school()))
    assert not (tmp_path / "report.csv").exists()


def test_reports_go_to_the_demos_folder_where_there_is_one(run, tmp_path, monkeypatch, empty_register):
    monkeypatch.setenv("WEBELONG_DIR", str(tmp_path))
    file = write_register(tmp_path, school("x"))
    result = CliRunner().invoke(register, ["import", str(file)])
    (report,) = (tmp_path / "reports").iterdir()
    assert str(report) in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"name,age\nAda,36\n", "not a file of the school register"),
        (csv_text([school()], header=["URN", "EstablishmentName"]).encode(), "lacks these columns"),
        (csv_text([school(), school(100002)]).encode()[:-40], "breaks off"),
        (csv_text([school()]).encode() + b"\0", "zero bytes"),
        (csv_text([school()]).encode("utf-16"), "UTF-16"),
    ],
)
def test_a_wrong_file_is_a_plain_message_and_nothing_written(run, count, tmp_path, content, said):
    file = tmp_path / "wrong.csv"
    file.write_bytes(content)
    result = run(file, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert "Nothing was changed." in result.stderr
    assert "Traceback" not in result.stderr
    assert count() == 0
    assert not (tmp_path / "report.csv").exists()


def test_a_file_that_breaks_off_after_a_rejected_line_leaves_no_report(run, tmp_path):
    file = tmp_path / "wrong.csv"
    file.write_bytes(csv_text([school("x"), school(100002)]).encode()[:-40])
    assert run(file).exit_code == 2
    assert not (tmp_path / "report.csv").exists()


def test_a_folder_and_a_missing_file_are_plain_messages(run, tmp_path):
    assert "is a folder" in run(tmp_path).stderr
    assert run(tmp_path / "none.csv").exit_code == 2


def test_a_report_that_cannot_be_written_stops_the_import(run, count, tmp_path):
    (tmp_path / "taken").write_text("a file where a folder is wanted")
    file = write_register(tmp_path, school("x"), school(100002))
    result = run(file, "--report", str(tmp_path / "taken" / "report.csv"))
    assert result.exit_code == 1
    assert "--report" in result.stderr
    assert count() == 0


@pytest.mark.parametrize(
    "url", ["hush", "mysql://me:hush@127.0.0.1/x", "postgresql://me:hush@127.0.0.1:port/x"]
)
def test_an_address_that_is_none_is_a_plain_message_without_the_address(tmp_path, monkeypatch, url):
    monkeypatch.setenv("DATABASE_OWNER_URL", url)
    result = CliRunner().invoke(register, ["import", str(write_register(tmp_path, school()))])
    assert result.exit_code == 1
    assert "DATABASE_OWNER_URL" in result.stderr
    assert "hush" not in result.stderr


def test_a_database_that_does_not_answer_is_a_plain_message(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://nobody:hush@127.0.0.1:1/none")
    result = CliRunner().invoke(register, ["import", str(write_register(tmp_path, school()))])
    assert result.exit_code == 1
    assert "does not answer" in result.stderr
    assert "hush" not in result.stderr


def test_a_login_that_may_not_write_is_a_plain_message(register_database, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", register_database.url("wb_web"))
    result = CliRunner().invoke(register, ["import", str(write_register(tmp_path, school()))])
    assert result.exit_code == 1
    assert "no register that this login may write" in result.stderr


def test_no_address_at_all_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.setenv("WEBELONG_DIR", str(tmp_path / "none"))
    result = CliRunner().invoke(register, ["import", str(write_register(tmp_path, school()))])
    assert result.exit_code == 1
    assert "Set DATABASE_OWNER_URL" in result.stderr


def test_england_sized_files_take_bounded_memory(empty_register, tmp_path):
    """Under 200 MiB more than the program itself: the file is never held whole."""
    path = tmp_path / "england.csv"
    text = csv_text(
        school(100001 + number, Street="A long street in a small town " * 12) for number in range(30_000)
    )
    path.write_text(text, encoding="cp1252")
    assert path.stat().st_size > 20_000_000
    script = (
        "import resource, sys\n"
        "from app.cli.register import register\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "register.main(sys.argv[1:], standalone_mode=False)\n"
        "print(peak() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "import", str(path), "--json"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_OWNER_URL": empty_register},
        capture_output=True,
        text=True,
        check=True,
    )
    counted, kilobytes = done.stdout.splitlines()
    assert json.loads(counted)["added"] == 30_000
    assert int(kilobytes) < 60 * 1024


def test_an_older_edition_is_refused_unless_it_is_meant(run, tmp_path):
    """Given an edition of November, when one of October comes, then nothing changes, and the way to insist is said."""
    newer = write_register(tmp_path, school(100001), school(100002), name="edubasealldata20261120.csv")
    older = write_register(tmp_path, school(100001, Town="Back"), name="edubasealldata20261020.csv")
    assert run(newer, "--json").exit_code == 0
    refused = run(older)
    assert refused.exit_code == 2
    assert "20 November 2026" in refused.output
    assert "--older" in refused.output
    meant = run(older, "--older", "--json")
    assert meant.exit_code == 0
    assert json.loads(meant.stdout)["changed"] == 1
    assert "One open school is not in this edition" in meant.stderr


def test_the_day_of_a_file_is_read_from_its_rows_or_told(run, tmp_path):
    changed = school(100001, LastChangedDate="19-11-2026")
    assert run(write_register(tmp_path, changed, name="a.csv"), "--json").exit_code == 0
    refused = run(write_register(tmp_path, school(100002), name="b.csv"), "--edition", "2026-11-18")
    assert refused.exit_code == 2
    unknown = run(write_register(tmp_path, school(100002), name="c.csv"))
    assert unknown.exit_code == 0
    assert "--edition" in unknown.stderr
