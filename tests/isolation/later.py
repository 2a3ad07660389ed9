"""Everything that happens later, done once for every school at the same time: documents, uploads, messages, sums.

A database of its own with the world's rows; each worker logs in as itself. What came of it is looked at afterwards.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
from flask import Flask
from PIL import Image, PngImagePlugin
from pypdf import PdfReader
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import Connection, create_engine, text
from werkzeug.datastructures import FileStorage

from app.documents.services import accept_upload
from app.messages.catalogue import KINDS
from app.messages.kind import About
from infra.clock import LONDON, now
from infra.database import sqlalchemy_url
from infra.ids import new_id
from infra.queue import Bell, ring
from infra.storage import ObjectStorage
from tenants.session import ScopedSession
from tests.isolation.declared import DOCUMENTS
from tests.support.stack import TestStack
from tests.support.world import School, World
from workers.schedule import Schedule

API_KEY = "test-00000000-0000-4000-8000-00000000000a-00000000-0000-4000-8000-00000000000b"


def schools_of(world: World) -> list[School]:
    return [*world.authority.schools, *world.other_authority.schools]


@dataclass
class Later:
    """What is there when every worker has done what was due."""

    world: World
    stack: TestStack
    storage: ObjectStorage
    connection: Connection
    #: What the mailbox took, each with the outbox row that it belongs to.
    messages: list[dict[str, Any]] = field(default_factory=list)
    #: Every key of Redis with every value, while jobs waited and when they were done.
    waiting: dict[str, str] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)
    jobs: list[tuple[str, object, object]] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    #: Rows of the first school that name people and things of others: id -> what is forged.
    forged: dict[UUID, str] = field(default_factory=dict)

    def rows(self, statement: str, **values: object) -> list[Any]:
        return list(self.connection.execute(text(statement), values))

    def text_of(self, key: str) -> str:
        """The words of a stored PDF; of a picture its bytes."""
        data = self.storage.get(key)
        if not data.startswith(b"%PDF"):
            return data.decode("latin-1")
        reader = PdfReader(io.BytesIO(data))
        return "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)


def _documents(later: Later) -> None:
    for school in schools_of(later.world):
        for kind, about in DOCUMENTS.items():
            values = {
                "school": school.school_id,
                "id": new_id(),
                "kind": kind,
                **{name: school.ids.get(key) if key else None for name, key in about.items()},
            }
            if kind == "certificate":
                values |= {"parent": school.people["graduate"].person_id}
            later.connection.execute(_DOCUMENT, values)
    # Staff of one school name a meeting of another in what they ask for.
    mine, other = later.world.school, later.world.sibling_school
    for kind in ("session_register", "learning_notes"):
        document_id = new_id()
        later.forged[document_id] = kind
        values = {"school": mine.school_id, "id": document_id, "kind": kind, "cohort": None, "parent": None}
        later.connection.execute(_DOCUMENT, values | {"subject": other.ids["session_id"]})


_DOCUMENT = text(
    "insert into document (school_id, id, kind, subject_id, cohort_id, parent_id, file_name, state, next_at,"
    " created_at) values (:school, :id, :kind, :subject, :cohort, :parent, 'a.pdf', 'queued', now(), now())"
)
_MESSAGE = text(
    "insert into outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key, state,"
    " attempt, next_at, problem, not_after, created_at) values (:school, :id, :kind, :channel, :to, :whom, :subject,"
    " :key, 'queued', 0, now(), '', now() + interval '1 day', now())"
)


_OFFER = text(
    "insert into place_offer (school_id, id, cohort_id, parent_id, answer_by)"
    " values (:school, :id, :cohort, :parent, current_date + 9)"
)


def _messages(later: Later) -> None:
    """One of every kind to somebody in every school, and some that name people and meetings of another school."""
    for school in schools_of(later.world):
        reader = {"parent": "parent", "facilitator": "facilitator", "staff": "senco"}
        offer = {"school": school.school_id, "id": new_id(), "cohort": school.ids["forming_cohort_id"]}
        later.connection.execute(_OFFER, offer | {"parent": school.people["parent"].person_id})
        subject = {
            About.OFFER: offer["id"],
            About.SESSION: school.ids["next_session_id"],
            About.COHORT: school.ids["cohort_id"],
            About.LEFT_COHORT: school.ids["forming_cohort_id"],
        }
        for kind in KINDS.values():
            if kind.to.value not in reader:
                continue
            for channel in kind.channels:
                values = {
                    "school": school.school_id,
                    "id": new_id(),
                    "kind": kind.name,
                    "channel": channel.value,
                    "to": kind.to.value,
                    "whom": school.people[reader[kind.to.value]].person_id,
                    "subject": subject.get(kind.about),
                    "key": str(new_id()),
                }
                later.connection.execute(_MESSAGE, values)
                if school is not later.world.school:
                    continue
                other = later.world.sibling_school
                for whom, about in (
                    (other.people[reader[kind.to.value]].person_id, subject.get(kind.about)),
                    (values["whom"], other.ids["next_session_id"]),
                    (values["whom"], other.ids["outbox_id"]),
                ):
                    forged: dict[str, Any] = values | {
                        "id": new_id(),
                        "key": str(new_id()),
                        "whom": whom,
                        "subject": about,
                    }
                    later.forged[forged["id"]] = kind.name
                    later.connection.execute(_MESSAGE, forged)


def _sums(later: Later) -> None:
    for school in schools_of(later.world):
        later.connection.execute(
            text("insert into activity_due values (:s, now()) on conflict do nothing"),
            {"s": school.school_id},
        )
        later.connection.execute(
            text("insert into rollup_due values (:s, :c, now()) on conflict do nothing"),
            {"s": school.school_id, "c": school.ids["closed_cohort_id"]},
        )
    for authority in (later.world.authority, later.world.other_authority):
        later.connection.execute(
            text(
                "insert into release_request select :a, extract(year from ends_on)::int || '-spring', 'x', now()"
                " from authority_term where authority_id = :a and name like 'Spring%'"
            ),
            {"a": authority.authority_id},
        )


def _uploads(later: Later, app: Flask) -> None:
    """A signed agreement of every school, as its lead uploads it, with the school's secret in the picture's notes."""
    engine = create_engine(sqlalchemy_url(later.stack.url("wb_web")))
    for school in schools_of(later.world):
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", school.people["lead"].name)
        file = io.BytesIO()
        Image.new("RGB", (40, 40), "white").save(file, "PNG", pnginfo=notes)
        upload = FileStorage(
            io.BytesIO(file.getvalue()), filename=f"{school.canary}.png", content_type="image/png"
        )
        with (
            app.app_context(),
            ScopedSession(engine, scope=school.people["lead"].scope) as session,
            session.begin(),
        ):
            accept_upload(session, kind="signed_agreement", school_id=school.school_id, file=upload)
    engine.dispose()


def read_redis(client: Redis) -> dict[str, str]:
    """Every key with everything in it, as text."""
    found: dict[str, str] = {}
    readers: dict[bytes, Callable[[Any], object]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
    }
    for key in client.scan_iter():
        kind: Any = client.type(key)
        found[key.decode("latin-1")] = repr(readers[kind](key))
    return found


@contextmanager
def mailbox(folder: Path) -> Iterator[str]:
    """The address of a mailbox in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.mailbox", "--port", str(port), "--data", str(folder)],
        env={**os.environ, "NOTIFY_API_KEY": API_KEY},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _keys(storage: ObjectStorage) -> set[str]:
    pages = storage._client.get_paginator("list_objects_v2").paginate(Bucket=storage.bucket)
    return {item["Key"] for page in pages for item in page.get("Contents", ())}


def run_everything(later: Later, app: Flask, redis: Redis, environment: dict[str, str]) -> None:
    """Ring every bell, look at what waits, and do it with RQ's own worker, one queue after another."""
    before = _keys(later.storage)
    url = environment["REDIS_URL"]
    engine = create_engine(sqlalchemy_url(later.stack.url("wb_documents")))
    # Two days before the next meeting, at noon: reminders are due in every school.
    meeting = later.rows(
        "select on_date from cohort_session where id = :id", id=later.world.school.ids["next_session_id"]
    )[0].on_date
    noon = now().astimezone(LONDON).replace(year=meeting.year, month=meeting.month, day=meeting.day, hour=12)
    schedule = Schedule(engine, url)
    schedule.look_at_calendar(noon - timedelta(days=2))
    schedule.ring_all()
    engine.dispose()
    later.waiting = read_redis(redis)
    for bell in Bell:
        queue = Queue(bell.value, connection=redis, serializer=JSONSerializer)
        later.jobs += [(str(job.func_name), job.args, job.kwargs) for job in queue.get_jobs()]
        worker = SimpleWorker([queue], connection=redis, serializer=JSONSerializer)
        worker.log_job_description = False
        worker.work(burst=True, logging_level="CRITICAL")
        ring(url, bell)
    later.done = read_redis(redis)
    taken = requests.get(f"{environment['NOTIFY_BASE_URL']}/messages.json", timeout=10).json()
    later.messages = taken
    later.objects = sorted(_keys(later.storage) - before)


def write_everything(later: Later, app: Flask) -> None:
    _documents(later)
    _messages(later)
    _sums(later)
    _uploads(later, app)
