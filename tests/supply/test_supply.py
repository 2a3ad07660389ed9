"""What we stand on is locked, listed, may be used, and no secret lies about."""

from __future__ import annotations

import base64
import json
import re
import secrets as dice
import string
import tomllib
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply import sbom, secrets
from tests.supply.files import LOCKS, REQUIREMENTS, ROOT, UnlockedLine, read_lock

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DEMO = tomllib.loads((ROOT / "demo/pyproject.toml").read_text())
LICENCES = tomllib.loads((ROOT / "tests/supply/licences.toml").read_text())


# --- locked ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_line_names_one_version_and_its_hashes(path):
    assert read_lock(path)
    assert not re.search(r"https?://|--(extra-)?index|--find-links|--trusted|git\+|file:", path.read_text())


@pytest.mark.parametrize(
    "line",
    [
        "flask==3.1.0",
        "flask>=3 --hash=sha256:" + "0" * 64,
        "flask==3.1.0 --hash=md5:0",
        "-r other",
        "./here",
        "x @ https://x",
    ],
)
def test_a_line_that_locks_nothing_is_seen(tmp_path, line):
    lock = tmp_path / "a.lock"
    lock.write_text(line)
    with pytest.raises(UnlockedLine):
        read_lock(lock)


def test_everything_that_we_ask_for_is_locked_at_a_version_that_we_ask_for():
    base = {one.name: one for one in read_lock(REQUIREMENTS / "base.lock") if one.is_for_here}
    dev = {one.name: one for one in read_lock(REQUIREMENTS / "dev.lock") if one.is_for_here}
    demo = {one.name: one for one in read_lock(REQUIREMENTS / "demo.lock") if one.is_for_here}
    wanted = [
        (PYPROJECT["project"]["dependencies"], base),
        (DEMO["project"]["dependencies"], demo),
        (PYPROJECT["dependency-groups"]["dev"], dev),
    ]
    for lines, lock in wanted:
        for line in lines:
            requirement = Requirement(line)
            found = lock[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(found.version), line
    for lock in (demo, dev):
        assert {name: lock[name].version for name in base} == {
            name: one.version for name, one in base.items()
        }


def test_production_holds_nothing_of_the_demo():
    """No server out of a wheel, no page, no command; and the demo is of the same version."""
    base = {one.name for one in read_lock(REQUIREMENTS / "base.lock")}
    assert not base & {canonicalize_name(Requirement(line).name) for line in DEMO["project"]["dependencies"]}
    assert "demo" not in PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    groups = {entry.group for entry in distribution("webelong").entry_points}
    assert not groups & {"webelong.kit", "webelong.commands"}
    assert DEMO["project"]["version"] == PYPROJECT["project"]["version"]


def test_what_is_installed_is_what_is_locked():
    for one in read_lock(REQUIREMENTS / "dev.lock"):
        if one.is_for_here:
            assert distribution(one.name).version == one.version, one.name


# --- listed ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bill():
    return sbom.bill()


def test_the_list_holds_every_locked_package_with_its_hashes(bill):
    # Some are locked twice, for an older and a newer Python.
    locked = {(one.name, one.version): one for one in read_lock(REQUIREMENTS / "base.lock")}
    listed = {(canonicalize_name(item["name"]), item["version"]): item for item in bill["components"]}
    assert set(listed) == set(locked)
    assert len({item["bom-ref"] for item in bill["components"]}) == len(locked)
    for name, item in listed.items():
        assert item["purl"].startswith("pkg:pypi/")
        hashes = [entry["content"] for file in item["externalReferences"] for entry in file.get("hashes", ())]
        assert set(locked[name].hashes) <= set(hashes)
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "webelong")
    assert not re.search(r"/(root|home|work|tmp)/", json.dumps(bill)), "a path of this machine"


def test_every_package_may_be_used(bill):
    here = {(one.name, one.version): one.is_for_here for one in read_lock(REQUIREMENTS / "base.lock")}
    names_here = {name for (name, _version), is_here in here.items() if is_here}
    for item in bill["components"]:
        name = canonicalize_name(item["name"])
        if not here[name, item["version"]] and name in names_here:
            continue  # the same package for another Python
        if name in LICENCES["with_conditions"] or name in LICENCES["not_here"]:
            continue
        assert any(_may(entry) for entry in item.get("licenses", ())), (name, item.get("licenses"))


def _may(entry) -> bool:
    if "expression" in entry:
        choices = [choice.split(" AND ") for choice in re.sub(r"[()]", "", entry["expression"]).split(" OR ")]
        return any(all(part in LICENCES["may"] for part in parts) for parts in choices)
    licence = entry["license"]
    return licence.get("id", licence.get("name")) in LICENCES["may"]


def test_conditions_are_listed_for_packages_that_are_there(bill):
    names = {canonicalize_name(item["name"]) for item in bill["components"]}
    assert set(LICENCES["with_conditions"]) | set(LICENCES["not_here"]) <= names


# --- secrets ---------------------------------------------------------------------------------------------


def _key() -> str:
    return "AKIA" + "".join(dice.choice(string.ascii_uppercase) for _ in range(16))


@pytest.mark.parametrize("folder", ["app", "tests", "docs", ".ci"])
@pytest.mark.parametrize("excuse", ["", "  # pragma: allowlist secret"])
def test_a_planted_key_is_found_anywhere_and_no_comment_hides_it(tmp_path, folder, excuse):
    file = tmp_path / folder / "settings.py"
    file.parent.mkdir()
    token = base64.b64encode(dice.token_bytes(33)).decode()
    lines = [f'aws = "{_key()}"', "-----BEGIN " + "PRIVATE KEY-----", f'token = "{token}"']
    file.write_text("".join(f"{line}{excuse}\n" for line in lines))
    assert {one.line for one in secrets.look([file], tmp_path)} >= {1, 2}


def test_a_planted_password_is_found_in_the_product(tmp_path):
    file = tmp_path / "app" / "x.py"
    file.parent.mkdir()
    file.write_text(f'password = "a{dice.token_hex(8)}"\n')
    assert secrets.look([file], tmp_path)


def test_every_excuse_has_a_reason():
    assert all(len(why) > 15 for why in secrets.known().values())


def test_what_only_an_installation_has_is_not_in_git():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {".webelong/", "/dist/", "/build/"} <= set(ignored)
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if re.match(r"[A-Z_0-9]+=", line)
    )
    for name in ("SECRET_KEY", "S3_ACCESS_KEY", "S3_SECRET_KEY", "NOTIFY_API_KEY"):
        assert example[name].partition("#")[0].strip() == "", name
