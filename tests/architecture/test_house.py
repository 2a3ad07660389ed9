"""The shape of the house: small modules, thin routes, templates that compile, no words that blame."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture import lints

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "demo", "tenants", "workers", "infra", "migrations", "tests", "bench")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
#: What runs for people; statements of migrations are built from constants of their own.
PRODUCT = {
    str(path.relative_to(ROOT)): path.read_text()
    for package in ("app", "demo", "tenants", "workers", "infra")
    for path in sorted((ROOT / package).rglob("*.py"))
} | {"wsgi.py": (ROOT / "wsgi.py").read_text()}
TESTS = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if path != Path(__file__)
}
TEMPLATES = sorted((ROOT / "app").rglob("templates/**/*.html"))
BLAME = re.compile(r"refuser|truant|parenting (course|class)|non-compliant|hard to reach", re.IGNORECASE)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_at_one_sitting(path):
    longest = 420 if path.is_relative_to(ROOT / "tests") else 400
    assert len(path.read_text().splitlines()) <= longest


def test_types_are_checked_in_every_package_as_a_whole():
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(mypy["packages"]) == ours
    assert mypy["modules"] == ["wsgi"]
    assert mypy["strict"] is True
    assert "exclude" not in mypy
    # What is let go is what comes of libraries without types, name by name; no module is left out by another way.
    may_say = {"module", "disallow_subclassing_any", "disallow_untyped_calls", "disable_error_code"}
    of_product = [one for one in mypy["overrides"] if not str(one["module"]).startswith(("tests", "['tests"))]
    assert set().union(*of_product) == may_say


def test_what_tests_stand_on_is_typed_as_strictly_as_the_product():
    """Red? A module that is no test stands in `pyproject.toml` beside its neighbours, under mypy's overrides."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    strict = {name for one in overrides if one.get("disallow_untyped_defs") for name in one["module"]}
    found = {
        f"tests.{folder}.{path.stem}"
        for folder in ("architecture", "isolation", "supply")
        for path in (ROOT / "tests" / folder).glob("*.py")
        if not path.stem.startswith(("test_", "__"))
    }

    assert strict == found | {"tests.factories.*", "tests.support.*"}


def test_what_mypy_is_told_to_overlook_is_named():
    """An ignore without its code would hide the next mistake in the same line."""
    bare = [
        f"{name}:{number}"
        for name, source in {**PRODUCT, **TESTS}.items()
        for number, line in enumerate(source.splitlines(), 1)
        if re.search(r"#\s*type:\s*ignore(?!\[)|#\s*mypy:", line)
    ]
    assert bare == []


#: Routes longer than 30 lines, with how long each is: it may only get shorter, and no other may come.
LONG_ROUTES = {
    ("app/cohorts/early_routes.py", "end_early"): 32,
    ("app/cohorts/session_routes.py", "move_session"): 36,
    ("app/cohorts/session_routes.py", "cancel_session"): 31,
    ("app/cohorts/staff_routes.py", "show"): 52,
    ("app/cohorts/telling_routes.py", "tell_parent"): 43,
    ("app/facilitators/record_routes.py", "check"): 48,
    ("app/facilitators/staff_routes.py", "show"): 42,
    ("app/facilitators/staff_routes.py", "move"): 43,
    ("app/homes/routes.py", "parent"): 57,
    ("app/measures/routes.py", "question"): 32,
    ("app/meetings/leader_routes.py", "tonight"): 46,
    ("app/meetings/leader_routes.py", "take_register"): 36,
    ("app/meetings/leader_routes.py", "write_notes"): 33,
    ("app/meetings/leader_routes.py", "close_session"): 44,
    ("app/recruitment/noting_routes.py", "take_back_no"): 34,
    ("app/recruitment/parent_routes.py", "my_choices"): 37,
    ("app/recruitment/routes.py", "show_parent"): 58,
    ("app/recruitment/routes.py", "invite_parent"): 60,
    ("app/schools/school_routes.py", "tasks"): 42,
    ("app/schools/school_routes.py", "agreement"): 32,
}


def long_routes(source: str) -> dict[str, int]:
    """Views of more than 30 lines, without their decorators."""
    return {
        node.name: lines
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(lints.name_of(part) == "blueprint" for one in node.decorator_list for part in ast.walk(one))
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 30
    }


def test_a_route_fits_on_a_screen():
    longer = {
        (name, view): lines
        for name, source in PRODUCT.items()
        for view, lines in long_routes(source).items()
        if lines > LONG_ROUTES.get((name, view), 30)
    }
    assert longer == {}
    view = "@blueprint.get('/')\ndef home():\n" + "    pass\n" * 30
    assert long_routes(view) == {"home": 31}


def test_routes_and_forms_do_not_touch_the_database_layer():
    for path in SOURCES:
        if path.parent.parent.name != "app" and "routes" not in path.parts:
            continue
        if not (path.stem in ("routes", "forms") or path.stem.endswith(("_routes", "_forms"))):
            continue
        if path.parent.name == "shell":
            continue
        imported: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
        wrong = {name for name in imported if name.startswith("sqlalchemy") or name.endswith(".models")}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_no_statement_is_built_from_strings():
    """Text handed to the database is written out in full; values travel beside it."""
    found = [f"{name}:{line}" for name, source in PRODUCT.items() for line in lints.built_statements(source)]
    # The names of identity functions and of their arguments, all constants of the module.
    allowed = {"app/identity/gate.py"}
    assert [place for place in found if place.split(":")[0] not in allowed] == []


def test_no_python_trusts_text_or_turns_escaping_off():
    found = [f"{name}:{line}" for name, source in PRODUCT.items() for line in lints.trusted_text(source)]
    assert {place.split(":")[0] for place in found} <= lints.MAY_TRUST, found


def test_secrets_come_from_the_systems_own_randomness_and_nothing_is_unpickled():
    found = [f"{name}:{line}" for name, source in PRODUCT.items() for line in lints.weak_tools(source)]
    assert {place.split(":")[0] for place in found} <= lints.MAY_PLAY_DICE, found


def test_every_redirect_leads_to_a_page_of_ours():
    found = [
        f"{name}:{line}" for name, source in PRODUCT.items() for line in lints.redirects_elsewhere(source)
    ]
    assert found == []


def test_what_came_from_outside_never_names_a_keyword_of_url_for():
    found = [
        f"{name}:{line}" for name, source in PRODUCT.items() for line in lints.scattered_arguments(source)
    ]
    assert found == []
    pages = [
        path for path in (ROOT / "app").rglob("*.html") if re.search(r"url_for\([^)]*\*\*", path.read_text())
    ]
    assert pages == []


def test_a_view_that_is_not_a_press_also_answers_head():
    found = [
        name
        for name, source in PRODUCT.items()
        if name.startswith("app/") and lints.presses_by_exclusion(source)
    ]
    assert set(found) <= lints.MAY_ASK_FOR_GET, found


def test_there_is_one_clock():
    """What reads another cannot be moved by a test, and disagrees with the database at midnight."""
    found = [f"{name}:{line}" for name, source in PRODUCT.items() for line in lints.other_clocks(source)]
    assert {place.split(":")[0] for place in found} <= lints.MAY_READ_A_CLOCK, found


def test_there_is_one_place_where_files_come_in():
    """Another one is checked like the first: add it here and to tests/integration/documents/test_quarantine.py."""
    takes = {
        name
        for name, source in PRODUCT.items()
        if re.search(r"\bFileField\(|request\.files|request\.get_data\(", source)
    }
    assert takes == {
        "app/shell/fields.py",
        "app/schools/forms.py",
        "app/recruitment/forms.py",
        "app/cohorts/photo_forms.py",
        # Rows of words, read in a process of its own: nothing of the file is kept.
        "app/parent_import/forms.py",
    }


def test_every_template_compiles_and_trusts_nothing(shared_app):
    assert len(TEMPLATES) > 20
    for path in TEMPLATES:
        relative = str(path).split("/templates/", 1)[1]
        shared_app.jinja_env.get_template(relative)
        source = path.read_text()
        assert "|safe" not in source.replace(" ", ""), relative
        assert not re.search(r"\sstyle=|<script(?![^>]*src=)|\son(click|load|submit)=", source), relative


def test_every_post_form_carries_its_token():
    for path in TEMPLATES:
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            if re.search(r"method=[\"']?post", form, re.IGNORECASE):
                assert "csrf_token" in form or "hidden_tag" in form, f"{path}: {form[:80]}"


def test_no_word_blames():
    for path in [*TEMPLATES, *(ROOT / "app").rglob("*.typ"), *(ROOT / "app").rglob("*.po")]:
        assert not BLAME.search(path.read_text()), path


def test_migrations_are_one_line_of_numbers():
    revisions = sorted((ROOT / "migrations/versions").glob("[0-9]*.py"))
    for number, path in enumerate(revisions, start=1):
        assert path.name.startswith(f"{number:04d}_")
        source = path.read_text()
        assert f'revision = "{number:04d}"' in source
        assert (
            f"down_revision = {'None' if number == 1 else chr(34) + f'{number - 1:04d}' + chr(34)}" in source
        )


def test_every_queue_has_a_worker():
    """Each bell has a job that answers it and a worker process that listens to it."""
    from infra.queue import Bell
    from workers import jobs, worker

    started_by_demo = (ROOT / "demo/run.py").read_text()
    for bell in Bell:
        assert callable(getattr(jobs, f"drain_{bell.value}"))
        assert bell.value in started_by_demo
        worker.preload(bell)


def test_a_process_of_a_test_keeps_the_python_path_that_moves_its_clock():
    """`tests.moved` puts a sleep there that libfaketime does not refuse; without it a server ends as it starts."""
    names = {ROOT / "tests" / "moved.py", ROOT / "tests" / "support" / "paths.py", Path(__file__)}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert file in names or "PYTHONPATH" not in line or "python_path(" in line, file
