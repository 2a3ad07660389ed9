"""The scanner against a small clamd of our own on real sockets: all of its answers, and its silences."""

import socket

import pytest

from app.documents.scanning import EICAR, FileInfected, Scanner, ScannerUnavailable
from infra.clock import now
from tests.support.clamd import running_clamd


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, tmp_path):
    with running_clamd(tmp_path / "c" if request.param == "unix" else None) as daemon:
        yield daemon


def test_a_clean_file_passes(clamd):
    assert Scanner.from_url(clamd.url).scan(b"x" * 150_000).scanned


def test_the_test_file_is_found(clamd):
    with pytest.raises(FileInfected):
        Scanner.from_url(clamd.url).scan(EICAR)


def test_a_find_without_a_name_is_a_find(clamd):
    clamd.mode = "shy"
    with pytest.raises(FileInfected):
        Scanner.from_url(clamd.url).scan(EICAR)


@pytest.mark.parametrize("mode", ["error", "cut", "deaf", "silent"])
def test_no_verdict(clamd, mode):
    clamd.mode = mode
    with pytest.raises(ScannerUnavailable):
        Scanner.from_url(clamd.url, seconds=0.5).scan(b"x" * 100_000)


def test_a_file_over_the_limit_gives_no_verdict(clamd):
    with pytest.raises(ScannerUnavailable):
        Scanner.from_url(clamd.url).scan(b"x" * 5_000_000)


@pytest.mark.parametrize(
    ("hours", "mode", "ready"),
    [(1, "well", True), (23, "well", True), (25, "well", False), (1, "blind", False), (1, "error", False)],
)
def test_ready_with_signatures_of_a_day_and_eyes_to_see(clamd, hours, mode, ready):
    clamd.age(hours)
    clamd.mode = mode
    assert Scanner.from_url(clamd.url).is_ready(now()) is ready


def test_a_scanner_that_is_gone(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/none"):
        with pytest.raises(ScannerUnavailable):
            Scanner.from_url(url).scan(b"x")
        assert not Scanner.from_url(url).is_ready(now())
