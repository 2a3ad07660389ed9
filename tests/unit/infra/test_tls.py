"""In production nothing leaves the machine in the open."""

from __future__ import annotations

import pytest

from infra.settings import SettingsError, load_settings
from infra.tls import unprotected

WHOLE = {
    "SECRET_KEY": "a key of many letters, thirty-two or more",
    "BASE_URL": "https://webelong.example.org",
    "DATABASE_URL": "postgresql://wb_web@db.example.org/webelong?sslmode=verify-full",
    "REDIS_URL": "rediss://cache.example.org:6379/0",
    "S3_ENDPOINT": "https://files.example.org",
    "S3_ACCESS_KEY": "x",
    "S3_SECRET_KEY": "x",
    "S3_BUCKET": "webelong",
    "NOTIFY_API_KEY": "x",
}


@pytest.fixture
def load(monkeypatch, tmp_path):
    monkeypatch.setenv("WEBELONG_DIR", str(tmp_path))

    def with_settings(**changed):
        for name, value in (WHOLE | changed).items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return with_settings


def test_all_of_it_checked_is_a_start(load):
    assert load().is_production


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("BASE_URL", "http://webelong.example.org"),
        ("DATABASE_URL", "postgresql://wb_web@db.example.org/webelong"),
        ("DATABASE_URL", "postgresql+psycopg://wb_web@10.0.0.5/webelong?sslmode=require"),
        ("DATABASE_DISPATCH_URL", "postgresql://wb_dispatch@db.example.org/webelong?sslmode=verify-ca"),
        ("REDIS_URL", "redis://cache.example.org:6379/0"),
        ("REDIS_URL", "rediss://cache.example.org:6379/0?ssl_cert_reqs=none"),
        ("S3_ENDPOINT", "http://files.example.org"),
        ("NOTIFY_BASE_URL", "http://notify.example.org"),
    ],
)
def test_an_open_way_stops_the_start_and_says_what_to_write(load, name, address):
    with pytest.raises(SettingsError, match=f"{name} leaves this machine unprotected: (add|use)"):
        load(**{name: address})
    assert load(**{name: address, "WEBELONG_MODE": "test"}).webelong_mode == "test"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///webelong?host=/run/postgresql",
        "postgresql://wb_web@127.0.0.1:5432/webelong",
        "postgresql://wb_web@[::1]/webelong",
        "redis://localhost:6379",
        "unix:///run/redis.sock",
        "http://127.0.0.1:8333",
    ],
)
def test_what_stays_on_the_machine_may_be_plain(address):
    assert unprotected({"IT": address}) == []
