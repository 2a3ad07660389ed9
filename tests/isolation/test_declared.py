"""The code has no job, document, file, key or use of Redis that declared.py does not name, so each is tried."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.papers.gather import MAKERS
from infra import storage
from infra.queue import Bell
from tests.isolation import declared
from workers import jobs
from workers.schedule import JOBS as SCHEDULED

ROOT = Path(__file__).resolve().parents[2]


@cache
def sources() -> dict[str, ast.Module]:
    """Read by who needs it: every process of a run collects this file, and one runs it."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in ("app", "demo", "infra", "workers")
        for path in (ROOT / package).rglob("*.py")
        if "embedded" not in path.parts and "mailbox" not in path.parts and "cli" not in path.parts
    }


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def method_of(call: ast.Call) -> tuple[str, str]:
    """(`storage`, `put`) of `self.storage.put(...)`."""
    if not isinstance(call.func, ast.Attribute):
        return "", getattr(call.func, "id", "")
    owner = call.func.value
    return getattr(owner, "attr", getattr(owner, "id", "")), call.func.attr


def test_every_job_is_known():
    found = {f"workers.jobs.{name}" for name in vars(jobs) if name.startswith("drain_")}
    assert found == {f"workers.jobs.drain_{bell.value}" for bell in Bell} == declared.JOBS
    assert {job.name for job in SCHEDULED} == declared.SCHEDULED


def test_a_job_is_put_into_redis_in_one_place_and_carries_nothing():
    places = [
        (name, call) for name, tree in sources().items() for call in calls(tree)
        if method_of(call)[1] in ("enqueue", "enqueue_call", "enqueue_at", "enqueue_in", "enqueue_many", "delay")
        and not (isinstance(call.func, ast.Name) or any(word.arg == "kind" for word in call.keywords))
    ]  # fmt: skip
    assert [name for name, _ in places] == ["infra/queue.py"]
    (_, call) = places[0]
    assert len(call.args) == 1
    assert {word.arg for word in call.keywords} <= {"job_timeout", "result_ttl", "failure_ttl", "ttl"}


def test_every_document_that_is_made_is_known():
    assert set(MAKERS) == set(declared.DOCUMENTS)


def test_every_key_and_every_use_of_the_store_is_known():
    found = {name for name in vars(storage) if name.endswith("_key") and not name.startswith("_")}
    assert found == declared.KEYS
    users = {
        name for name, tree in sources().items() for call in calls(tree)
        if method_of(call)[0] in ("storage", "_signer", "_client")
        and method_of(call)[1] in ("put", "get", "copy", "presign", "put_object", "copy_object", "upload_fileobj")
    }  # fmt: skip
    assert users - {"infra/storage.py"} == declared.STORES


def test_every_use_of_redis_is_known():
    users = set()
    for name, tree in sources().items():
        for node in ast.walk(tree):
            # Only catching its errors (`redis.exceptions`) is no conversation.
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {"redis", "rq", "limits", "infra.redis_client"} & set(names):
                users.add(name)
    assert users == declared.SPEAK_WITH_REDIS


def test_a_new_one_would_be_seen():
    """The readers of code themselves: what they must find, they find."""
    planted = ast.parse("self.storage.put(key, data)\nqueue.enqueue('x', person_id)\nstorage.presign(key)")
    assert [method_of(call) for call in calls(planted)] == [
        ("storage", "put"),
        ("queue", "enqueue"),
        ("storage", "presign"),
    ]
