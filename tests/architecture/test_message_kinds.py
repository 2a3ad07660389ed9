"""Every message that a package writes is known wherever one is written or sent, and its words can be translated."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.extract import extract_from_file

from app.message_kinds import PARTS
from app.messages import catalogue
from app.messages.catalogue import KINDS, fill
from app.messages.kind import Kind
from app.messages.parts import Messages
from tests.architecture.lints import name_of

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "app" / "messages"
#: `<package>/messages.py`, or the modules of `<package>/messages/`.
FILES = sorted(
    path
    for pattern in ("app/*/messages.py", "app/*/messages/**/*.py")
    for path in ROOT.glob(pattern)
    if ENGINE not in path.parents and path.parent.name != "states"
)


def _module(path: Path) -> ModuleType:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return import_module(name.removesuffix(".__init__"))


def _written(module: ModuleType) -> Iterator[Kind]:
    for value in vars(module).values():
        yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Kind))


def _words_of(kind: Kind) -> set[str]:
    email = (kind.email.subject, *kind.email.body) if kind.email else ()
    return {kind.label, *email, *(kind.sms or ()), *(kind.sms_short or ())}


def test_every_message_that_is_written_down_is_loaded():
    written = {kind.name for path in FILES for kind in _written(_module(path))}
    assert written, "no package has messages: the pattern finds nothing"
    assert written == set(KINDS)


def test_every_package_hands_in_its_messages_once():
    homes = {path.relative_to(ROOT).parts[1] for path in FILES}
    handed = [part for home in homes if (part := import_module(f"app.{home}.messages").MESSAGES) in PARTS]
    assert len(handed) == len(homes) == len(PARTS)


def _named_by(tree: ast.AST) -> Iterator[str]:
    """Patterns of the names that a module puts together or writes out, but for where a kind is declared."""
    declared = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) == "Kind" and node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if sum(len(str(part)) for part in parts if part) > 5:
                yield "".join(re.escape(str(part)) if part else r"\w+" for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in declared:
            # `school_paused`, to which each reader's word is added.
            yield re.escape(node.value) + (r"(?:_\w+)?" if re.fullmatch(r"\w+_\w+", node.value) else "")


def _never_sent(names: Iterable[str]) -> set[str]:
    """Kinds that nothing names: no code of ours, and no function of the database (`'concern_' || ...`)."""
    sources = [*(ROOT / "app").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]
    found = {pattern for path in sources for pattern in _named_by(ast.parse(path.read_text()))}
    for path in (ROOT / "migrations/sql").rglob("*.sql"):
        for word in re.findall(r"'(\w{5,})'", path.read_text()):
            found.add(
                rf"{word}\w*" if word.endswith("_") else rf"\w*{word}" if word.startswith("_") else word
            )
    sent = re.compile("|".join(f"(?:{pattern})" for pattern in found))
    return {name for name in names if not sent.fullmatch(name)}


def test_every_message_is_sent_by_somebody():
    """Red? `enqueue` it in the service whose change it tells of, or take it out."""
    assert _never_sent(KINDS) == set()
    assert _never_sent(["nobody_ever_sends_this"]) == {"nobody_ever_sends_this"}


def test_messages_are_written_where_they_are_looked_for():
    outside = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if path not in FILES and "from app.messages.kind import" in path.read_text()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Kind"
    }
    assert not outside


def test_two_messages_of_one_name_are_refused():
    one = next(iter(KINDS.values()))
    with pytest.raises(ValueError, match=one.name):
        fill((Messages((one,)), Messages((one,))))
    assert KINDS, "what was known stays known"


@pytest.mark.parametrize("name", ["session_reminder", "joined"])
def test_a_message_whose_reader_or_subject_nobody_reads_is_refused(name):
    with pytest.raises(ValueError, match=f"{name}: nobody reads"):
        fill((Messages((KINDS[name],)),))
    assert KINDS, "what was known stays known"


@pytest.mark.parametrize("process", ["workers.jobs", "workers.schedule", "workers.dispatch"])
def test_a_worker_knows_every_message_from_its_start(process):
    asked = f"import {process}; from app.messages.catalogue import KINDS; print(len(KINDS))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(told.stdout) == len(KINDS)


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("app/factory.py", "create_app"),
        ("app/cli/authority.py", "create"),
        ("app/cli/authority.py", "invite"),
    ],
)
def test_whoever_writes_messages_loads_them_first(path, function):
    tree = ast.parse((ROOT / path).read_text())
    (made,) = (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function)
    assert {"load", "load_messages"} & {
        node.func.id
        for node in ast.walk(made)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_words_of_every_message_are_found_by_whoever_translates():
    found = {
        words
        for path in (*FILES, ENGINE / "catalogue.py")
        for _line, words, _comments, _context in extract_from_file("python", str(path))
        if isinstance(words, str)
    }
    wanted = set().union(*map(_words_of, KINDS.values()))
    around = {words for name, words in vars(catalogue).items() if name.isupper() and isinstance(words, str)}
    assert around
    assert (wanted | around) - {""} <= found


@pytest.mark.parametrize("kind", [KINDS[name] for name in sorted(KINDS)], ids=sorted(KINDS))
def test_an_email_begins_after_the_greeting_that_stands_around_it(kind):
    """The greeting is the renderer's. What follows it is whole sentences, from their first letter on."""
    for paragraph in kind.email.body if kind.email else ():
        words = str(paragraph)
        assert not words.startswith("Hello"), f"{kind.name} greets twice"
        assert not words[0].islower(), f"{kind.name} goes on in small letters: {words!r}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name + "/" + path.name)
def test_dates_in_messages_are_plain_words(path):
    """`day` and its kin set a date apart for pages, by two signs that nobody takes out of an email or a text."""
    imported = {
        name.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "app.shell.dates"
        for name in node.names
    }
    assert imported <= {"in_words", "plain_clock"}


def _keys() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "dedupe_key"
                and isinstance(node.value, ast.JoinedStr)
            ):
                yield f"{path.relative_to(ROOT)}:{node.value.lineno}", ast.unparse(node.value)


#: An id of what a message is about or of who gets it: `parent_id`, `one.id`; or the loop's own `one`, `newest`.
_AN_ID = re.compile(r"\{(?:\w+\.)?(?:\w*_?id|one|newest)\}")


@pytest.mark.parametrize(("where", "key"), list(_keys()), ids=lambda value: value.split("/")[-1][:60])
def test_what_tells_two_messages_apart_names_whom_or_what_each_is_about(where, key):
    """Two parents who join on one day are two: a key without either keeps the second's message back, in silence."""
    assert _AN_ID.search(key), f"{where}: {key} holds no id"
