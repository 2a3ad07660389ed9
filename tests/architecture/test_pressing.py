"""From a form to a service and back there is one way, and what is refused is always answered in words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import g, get_flashed_messages

from app.extensions import db
from app.shell import pressing
from app.shell.components import Form, TextField
from app.shell.edge import after_commit
from app.shell.pressing import press, submit
from app.shell.refusals import Refused
from tests.architecture.lints import name_of

ROOT = Path(__file__).resolve().parents[2]
#: Modules of pages.
PAGES = sorted({*(ROOT / "app").rglob("*routes.py"), *(ROOT / "app").rglob("pages.py")})
#: Who catches a refusal by hand, and why `submit` and `press` cannot.
BY_HAND = {
    ("app/cohorts/session_routes.py", "_free_days"): "asks which days there are; no day is an answer",
    ("app/measures/routes.py", "_save"): "goes on to another page for each, and says nothing",
    ("app/recruitment/routes.py", "_add"): "who is there already is gone on to as if added now",
    ("app/papers/routes.py", "download"): "a page of its own: the file is not kept any more",
    ("app/accounts/confirm_routes.py", "send_confirm_code"): "says codes where others say tries",
    # What is wrong with a passkey is never said; each page says what it means there.
    ("app/accounts/passkey_routes.py", "_options"): "answers a script",
    ("app/accounts/passkey_routes.py", "passkey_sign_in"): "says: sign in with your password",
    ("app/accounts/passkey_routes.py", "confirm_by_passkey"): "says: use another way",
    ("app/accounts/passkey_routes.py", "_add"): "says: not added",
    ("app/accounts/oidc_routes.py", "back_from_elsewhere"): "a page of its own for each",
}


def every_refusal() -> set[str]:
    """`Refused` and all that are made of it, by name; the whole application is imported."""
    found, todo = set(), [Refused]
    while todo:
        kind = todo.pop()
        found.add(kind.__name__)
        todo += kind.__subclasses__()
    return found


def caught_by_hand(source: str, names: set[str]) -> list[str]:
    """The functions of a module that have an `except` for one of `names`."""
    return [
        function.name
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and node.type is not None
        for kind in (node.type.elts if isinstance(node.type, ast.Tuple) else [node.type])
        if name_of(kind) in names
    ]


def test_no_page_catches_a_refusal_by_hand(shared_app):
    names, found = every_refusal(), set()
    for path in PAGES:
        where = str(path.relative_to(ROOT))
        found |= {(where, function) for function in caught_by_hand(path.read_text(), names)}
    assert found == set(BY_HAND)


def test_the_check_finds_one_that_does():
    source = "def page():\n    try:\n        f()\n    except (ValueError, services.Refused):\n        pass\n"
    assert caught_by_hand(source, {"Refused"}) == ["page"]


def test_there_is_one_family(shared_app):
    """Every exception of `app` that is not a defect descends from `Refused`, or is declared here with its answer."""
    other = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and any(name_of(base) == "Exception" for base in node.bases):
                other.add(node.name)
    assert other - NO_REFUSALS == {"Refused"}


#: What is no refusal: never reaches a page, or has an answer of its own.
NO_REFUSALS = {
    "NotFound",  # 404
    "ScannerUnavailable",  # the file waits
    "RenderError",  # a document fails, in the worker
    "_CannotDraw",
    "NoLetters",
    # Within the checking of a file; what leaves it is UploadRefused.
    "LeadsOutside",
    "_Foreign",
    "_LeadsOutside",
    "_Unreadable",
    "_Active",
    "_TakesOver",
    "_NoPicture",
}


class _Small(Form):
    name = TextField("Name")


def refuse(*words: str, field: str | None = None):
    def change() -> None:
        raise Refused(words, field)

    return change


def test_an_uncaught_one_is_a_page_that_says_it(app, monkeypatch):
    for kind in _all(Refused):
        error = kind.__new__(kind)
        Refused.__init__(error, "Ask the school.")

        def turn_down(error: Refused = error) -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "shell.help_page", turn_down)
        answer = app.test_client().get("/help")
        assert answer.status_code == kind.status
        assert 400 <= kind.status < 500
        assert "Ask the school." in answer.get_data(as_text=True), kind


def _all(kind: type[Refused]) -> list[type[Refused]]:
    return [kind, *(one for below in kind.__subclasses__() for one in _all(below))]


def test_what_is_refused_stands_at_its_box_and_keeps_what_was_typed(shared_app):
    with shared_app.test_request_context(method="POST", data={"name": "Ada"}):
        form = _Small(meta={"csrf": False})
        assert submit(form, refuse("Another name, please.", field="name"), "Done.", "shell.help_page") is None
        assert form.name.errors == ["Another name, please."]
        assert form.name.data == "Ada"
        assert submit(form, refuse("One.", "Two."), "Done.", "shell.help_page") is None
        assert form.form_errors == ["One.", "Two."]
        assert form.status == 200


@pytest.mark.parametrize("way", ["form", "button"])
@pytest.mark.parametrize("wrote", [True, False])
def test_what_is_refused_half_way_leaves_nothing_behind(shared_app, monkeypatch, way, wrote):
    """A service may find out half way, and the answer is no error: what it wrote would stay."""
    undone: list[bool] = []
    monkeypatch.setattr(pressing, "undo", lambda: undone.append(True))

    def change() -> None:
        after_commit(len)
        g.setdefault("messages_written", []).append("a message")
        if wrote:
            db.session().dispatch.after_flush(db.session(), None)
        raise Refused("Choose somebody else.")

    with shared_app.test_request_context(method="POST", data={"name": "Ada"}):
        after_commit(print)
        if way == "form":
            assert submit(_Small(meta={"csrf": False}), change, "Done.", "shell.help_page") is None
        else:
            assert press(change, "Done.", "shell.help_page").status_code == 303
        assert undone == [True] * wrote
        if wrote:
            assert (g.after_commit, g.messages_written) == ([print], [])


def test_what_is_done_is_said_on_the_next_page(shared_app):
    with shared_app.test_request_context(method="POST", data={"name": "Ada"}):
        form = _Small(meta={"csrf": False})
        answer = submit(form, lambda: form.name.data, lambda name: f"Added {name}.", "shell.help_page")
        assert answer is not None
        assert (answer.status_code, answer.location) == (303, "/help")
        press(refuse("It is over."), "Done.", "shell.help_page")
        assert get_flashed_messages(with_categories=True) == [
            ("success", "Added Ada."),
            ("note", "It is over."),
        ]
