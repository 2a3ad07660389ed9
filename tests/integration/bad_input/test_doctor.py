"""`webelong doctor` and its sisters say in plain words what is wrong."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from app.cli import cli
from tests.support.clamd import running_clamd
from tests.support.openid import running_provider
from tests.support.stack import PASSWORDS


@pytest.fixture
def run(own_stack, monkeypatch, tmp_path):
    """Run a command with the settings of the tests, changed; its exit status and what it said."""

    def call(*arguments, **changes):
        settings = own_stack.settings(**changes)
        monkeypatch.setenv("WEBELONG_DIR", str(tmp_path))
        for name in type(settings).model_fields:
            value = getattr(settings, name)
            if value is not None:
                plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
                monkeypatch.setenv(name.upper(), str(plain))
            else:
                monkeypatch.delenv(name.upper(), raising=False)
        result = CliRunner().invoke(cli, list(arguments))
        for password in PASSWORDS.values():
            assert password not in result.output
        return result

    return call


def fixes(result) -> list[str]:
    return [line for line in result.output.splitlines() if line.startswith("FIX")]


def test_when_all_is_well(run):
    result = run("doctor")
    assert fixes(result) == []
    assert result.exit_code == 0
    assert "Redis answers" in result.output


def test_a_login_that_is_another(run, own_stack):
    result = run("doctor", database_dispatch_url=own_stack.url("wb_web"))
    assert result.exit_code == 1
    assert fixes(result) == ["FIX  DATABASE_DISPATCH_URL logs in as wb_web. It must be wb_dispatch."]


def test_a_wrong_password(run, own_stack):
    result = run("doctor", database_rollup_url=own_stack.url("wb_rollup").replace("test-wb_rollup", "no"))
    assert result.exit_code == 1
    (line,) = fixes(result)
    assert "wb_rollup cannot log in. Check DATABASE_ROLLUP_URL" in line


def test_a_web_login_that_sees_too_much(run, own_stack):
    result = run("doctor", database_url=own_stack.superuser_url)
    assert any("can see every school" in line for line in fixes(result))


def test_an_old_revision(run, own_superuser):
    (newest,) = own_superuser.execute("select version_num from alembic_version").fetchone()
    own_superuser.execute("update alembic_version set version_num = '0001'")
    try:
        result = run("doctor")
    finally:
        own_superuser.execute("update alembic_version set version_num = %s", [newest])
    assert result.exit_code == 1
    assert fixes(result) == [
        f"FIX  The database is at revision 0001, this code needs {newest}. Run `webelong migrate`."
    ]


def test_redis_and_storage_away(run):
    result = run("doctor", redis_url="redis://127.0.0.1:1/0", s3_endpoint="http://127.0.0.1:1")
    assert result.exit_code == 1
    redis, storage = fixes(result)
    assert "Redis does not answer" in redis
    assert "The storage does not answer" in storage


@pytest.mark.parametrize(
    ("hours", "mode", "fine"),
    [(1, "well", True), (30, "well", False), (1, "blind", False), (1, "error", False)],
)
def test_a_virus_scanner_that_can_be_trusted_or_not(run, hours, mode, fine):
    with running_clamd() as clamd:
        clamd.age(hours)
        clamd.mode = mode
        result = run("doctor", clamd_url=clamd.url)
    assert result.exit_code == (0 if fine else 1)
    assert fine or "Uploads wait in quarantine meanwhile" in fixes(result)[0]


def test_a_virus_scanner_whose_address_is_none(run):
    assert "CLAMD_URL must look like" in fixes(run("doctor", clamd_url="http://clamav"))[0]


def test_without_a_virus_scanner_it_says_what_then_happens(run):
    assert "in a demo uploads pass unchecked. In production none is taken" in run("doctor").output


def test_a_missing_setting(run, monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "SECRET_KEY", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEBELONG_DIR", str(tmp_path / "none"))
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "DATABASE_URL" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("release", "build", "No such authority", "2026-spring"),
        ("release", "publish", "No such authority", "2026-spring"),
        ("authority", "create", "", "--la-code", "x", "--admin", "none"),
        ("authority", "create", "New", "--la-code", "801", "--admin", "not an address"),
    ],
)
def test_a_command_with_wrong_words_says_what_is_wrong(run, arguments):
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.output.strip()
    assert "Traceback" not in result.output


def described(provider, **changes) -> str:
    return json.dumps(
        [
            {
                "name": "council",
                "label": "Microsoft",
                "kind": "generic",
                "discovery_url": provider.url + "/.well-known/openid-configuration",
                "client_id": "an-id",
                "client_secret": "very-secret-indeed",
            }
            | changes
        ]
    )


def test_a_provider_that_answers(run):
    with running_provider() as provider:
        result = run("doctor", oidc_providers=described(provider))
    assert fixes(result) == []
    assert "People at work can sign in with Microsoft." in result.output


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/.well-known/openid-configuration", (404, "{}"), "cannot be read (status 404"),
        ("/.well-known/openid-configuration", (200, "<html>"), "cannot be read (status 200"),
        ("/.well-known/openid-configuration", (200, "{}"), "no safe authorization_endpoint"),
        ("/keys", (200, "{}"), "publishes no keys"),
        ("/keys", (500, "{}"), "keys cannot be had"),
    ],
)
def test_a_provider_that_is_broken(run, path, answer, words):
    with running_provider() as provider:
        provider.answers[path] = answer
        result = run("doctor", oidc_providers=described(provider))
    (line,) = fixes(result)
    assert words in line
    assert "entry council of OIDC_PROVIDERS" in line
    assert "very-secret" not in result.output


def test_a_provider_out_of_reach(run):
    with running_provider() as provider:
        text = described(provider)
    (line,) = fixes(run("doctor", oidc_providers=text))
    assert "Nobody can sign in with Microsoft now: its discovery document is out of reach" in line


def test_an_entry_with_a_mistake_in_it(run, monkeypatch):
    run("doctor")  # puts the other settings into the environment
    monkeypatch.setenv("OIDC_PROVIDERS", '[{"name": "x", "client_secret": "very-secret-indeed"}]')
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "OIDC_PROVIDERS" in result.output
    assert "entry 1: label: Field required" in result.output
    assert "very-secret" not in result.output
