"""Takes one wall away at a time and asks whether the checks notice: `python -m tests.isolation.mutate`.

Each database mutant is made inside a transaction that is rolled back, on a copy with the world's rows, and the
checks of tests/architecture/test_catalogue.py, tests/isolation/test_grants.py and gate.py run in it. Each route mutant
opens one entry of the access table to somebody whom it keeps out: docs/access.md, which is looked over when it changes,
must then differ, and the crawl, run by pytest, must meet an open door (test_mutants.py).
What no check notices is printed by name, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError

from app.identity.roles import Role
from app.shell.access import access_table
from infra.database import sqlalchemy_url
from tests.architecture import test_catalogue
from tests.isolation import gate, test_grants
from tests.isolation.access_page import FILE, render
from tests.isolation.figures import read_properties
from tests.isolation.mutants import Mutant, list_mutants
from tests.support.reading import sqlstate
from tests.support.stack import TestStack, running_stack
from tests.support.world_build import build_world

Check = Callable[[Connection], None]


def as_check(law: gate.Law) -> Check:
    """A law of the catalogue as a check that is red when it is broken."""

    def check(connection: Connection) -> None:
        assert law(connection) == []

    check.__name__ = law.__name__
    return check


#: Every check that needs the database's own account of itself and nothing else. Quick ones first.
CHECKS: tuple[Check, ...] = (
    test_grants.test_the_database_grants_what_the_file_says_and_nothing_else,
    test_catalogue.test_foreign_keys_and_unique_constraints_lead_with_the_tenant,
    test_catalogue.test_every_tenant_table_is_enabled_and_forced,
    test_catalogue.test_nothing_goes_round_the_policies,
    test_catalogue.test_no_audience_may_empty_a_table_or_refer_to_one,
    test_catalogue.test_no_login_has_rights_of_its_own,
    test_grants.test_functions_are_granted_to_the_roles_that_the_file_names,
    test_grants.test_the_safeguarding_lead_adds_to_the_staff_and_nobody_else_inherits,
    *map(as_check, gate.LAWS),
)


def notice(connection: Connection) -> str:
    """The name of the first check that is red; '' when all are green."""
    for check in CHECKS:
        try:
            check(connection)
        except AssertionError:
            return check.__name__
    return ""


def try_mutant(connection: Connection, mutant: Mutant) -> str:
    """Which check notices this mutant; '' when none does. The database is as before afterwards."""
    step = connection.begin_nested()
    try:
        for statement in mutant.statements:
            connection.exec_driver_sql(statement)
        return notice(connection)
    except DBAPIError as error:
        # The database itself would not have it: a wall that cannot be taken away by this alone.
        return f"PostgreSQL: {sqlstate(error)}"
    finally:
        step.rollback()


def sample(mutants: list[Mutant], most: int) -> Iterator[Mutant]:
    """Evenly spread, every kind at least once."""
    step = max(1, len(mutants) // most)
    seen: set[str] = set()
    for number, mutant in enumerate(mutants):
        if number % step == 0 or mutant.kind not in seen:
            seen.add(mutant.kind)
            yield mutant


def route_mutants() -> Iterator[tuple[str, Role | None]]:
    """Each route with somebody whom its entry keeps out."""
    for endpoint, roles in sorted(access_table().items()):
        for role in (*Role, None):
            if role not in roles:
                yield endpoint, role
                break


@contextmanager
def connected(stack: TestStack) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(stack.superuser_url))
    try:
        with engine.connect() as connection, connection.begin() as outer:
            yield connection
            outer.rollback()
    finally:
        engine.dispose()


def table_is_noticed(endpoint: str, role: Role | None) -> bool:
    """Would the access table no longer be the one that docs/access.md was made from?"""
    table = access_table()
    return render({**table, endpoint: table[endpoint] | {role}}) != FILE.read_text(encoding="utf-8")


def run(connection: Connection, mutants: Iterable[Mutant], say: Callable[[str], None]) -> list[str]:
    """Try each; the names of those that nobody noticed."""
    made: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    alive: list[str] = []
    if red := notice(connection):
        raise SystemExit(f"{red} is red before anything was changed")
    if FILE.read_text(encoding="utf-8") != render(access_table()):
        raise SystemExit("docs/access.md is not the access table before anything was changed")
    for mutant in mutants:
        made[mutant.kind] += 1
        if try_mutant(connection, mutant):
            killed[mutant.kind] += 1
        else:
            alive.append(f"{mutant.kind}: {mutant.name}")
    for endpoint, role in route_mutants():
        made["route opened"] += 1
        if table_is_noticed(endpoint, role):
            killed["route opened"] += 1
        else:
            alive.append(f"route opened: {endpoint} to {role}")
    say(f"{'what was taken away':<28} {'noticed':>8} {'of':>6}")
    for kind in made:
        say(f"{kind:<28} {killed[kind]:>8} {made[kind]:>6}")
    say(f"{'all':<28} {killed.total():>8} {made.total():>6}")
    return alive


def crawl_opened_routes(say: Callable[[str], None]) -> tuple[int, int]:
    """Open each route for a moment and let the crawl look: how many were opened, and at how many it said so."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "routes.xml"
        test = "tests/isolation/test_mutants.py::test_every_opened_route_is_missed"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            test,
        ]
        done = subprocess.run(command, cwd=FILE.parents[1], capture_output=True, text=True, check=False)
        found = read_properties(report)
    tried, killed = found["routes_opened"], found["routes_opened_killed"]
    say(f"{'route opened, crawled':<28} {killed:>8} {tried:>6}")
    if done.returncode:
        say(done.stdout[-3000:])
    return tried, killed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.isolation.mutate", description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="try about N database mutants instead of all")
    parser.add_argument("--without-crawl", action="store_true", help="leave out the opened routes' crawl")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack:
        build_world(stack.url("wb_owner"))
        stack.freeze()
        with stack.copy("mutants") as copy, connected(copy) as connection:
            mutants = list_mutants(connection)
            alive = run(connection, sample(mutants, chosen.sample) if chosen.sample else mutants, print)
    tried, killed = (1, 1) if chosen.without_crawl else crawl_opened_routes(print)
    for name in alive:
        print(f"NOT NOTICED {name}")
    return 1 if alive or killed < tried or not tried else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
