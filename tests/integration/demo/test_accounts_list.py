"""The list of the demo's people and their links: whole, true, and its owner's alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from demo.accounts import list_accounts, write_accounts
from demo.sign_in_links import membership_of
from tests.integration.demo.test_loading import EASTMERE, rows

ROOT = Path(__file__).parents[3]
ROLES = {"authority_admin", "named_officer", "school_lead", "school_dsl", "senco", "left_parent"}
ROLES |= {"facilitator", "parent", "graduate", "commissioner", "invited_parent", "said_no_parent"}


def test_the_list_has_every_role_in_both_authorities_and_in_two_schools(demo, demo_settings):
    accounts = list_accounts(demo_settings)
    for authority in (EASTMERE, "Northvale Council"):
        assert {entry["role"] for entry in accounts if entry["authority"] == authority} >= ROLES
    for role in ROLES - {"authority_admin", "named_officer", "commissioner"}:
        schools = {e["school"] for e in accounts if e["role"] == role and e["authority"] == EASTMERE}
        active = {name for (name,) in rows(demo, "select name from school where stage = 'active'")}
        assert len(schools & active) >= 2, role
    assert all(entry["phone"] for entry in accounts)
    assert any(entry["email"] is None for entry in accounts if entry["role"] == "parent")


def test_every_link_on_the_list_signs_in_as_that_person(demo, demo_settings):
    for entry in list_accounts(demo_settings):
        start = "http://127.0.0.1:8123/demo/sign-in/"
        assert entry["sign_in_url"].startswith(start)
        membership = membership_of(
            demo_settings.secret("secret_key"), entry["sign_in_url"].removeprefix(start)
        )
        role, name, school = rows(
            demo,
            "select m.role, a.name, s.name from identity.membership m join identity.account a on a.id = m.account_id"
            " left join school s on s.school_id = m.in_school where m.id = %s and m.ended_at is null",
            membership,
        )[0]
        assert (role, name, school) == (
            "parent" if entry["role"] == "graduate" or entry["role"].endswith("_parent") else entry["role"],
            entry["name"],
            entry["school"],
        )


def test_a_graduate_on_the_list_has_graduated(demo, demo_settings):
    names = {entry["name"] for entry in list_accounts(demo_settings) if entry["role"] == "graduate"}
    graduated = {
        name
        for (name,) in rows(
            demo,
            "select c.first_name || ' ' || c.last_name from parent_contact c join parent p"
            " on p.school_id = c.school_id and p.id = c.parent_id where p.stage = 'graduated'",
        )
    }
    assert names
    assert names <= graduated


def test_somebody_who_has_left_is_no_longer_on_the_list(borough_stack, demo, demo_settings):
    name = next(entry["name"] for entry in list_accounts(demo_settings) if entry["role"] == "senco")
    with psycopg.connect(borough_stack.superuser_url, autocommit=True) as connection:
        connection.execute("update staff_member set ended_at = now() where name = %s", (name,))
        try:
            assert name not in {entry["name"] for entry in list_accounts(demo_settings)}
        finally:
            connection.execute("update staff_member set ended_at = null where name = %s", (name,))


def test_the_list_is_written_whole_and_for_its_owner_alone(tmp_path):
    target = tmp_path / "new" / "accounts.json"
    write_accounts(target, [{"name": "Ayşe"}])
    write_accounts(target, [{"name": "Ayşe Kaya"}])
    assert json.loads(target.read_text()) == [{"name": "Ayşe Kaya"}]
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("missing", ["DATABASE_OWNER_URL", "SECRET_KEY"])
def test_the_command_says_which_setting_it_lacks(tmp_path, missing):
    environment = {
        "PATH": os.environ["PATH"],
        "WEBELONG_DIR": str(tmp_path),
        "WEBELONG_MODE": "demo",
        "DATABASE_URL": "postgresql://nowhere",
        "DATABASE_OWNER_URL": "postgresql://nowhere",
        "SECRET_KEY": "x" * 40,
        "REDIS_URL": "redis://nowhere",
        **dict.fromkeys(("S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET", "NOTIFY_API_KEY"), "x"),
    }
    del environment[missing]
    done = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert missing in done.stderr
    assert "Traceback" not in done.stderr
