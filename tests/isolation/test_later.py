"""What happens later crosses no wall either: jobs, documents, messages, files and their links, sums, Redis."""

from __future__ import annotations

import json
import re

import pytest
import requests
from redis import Redis
from sqlalchemy import create_engine, text

from infra.database import sqlalchemy_url
from infra.ids import new_id
from infra.storage import ObjectStorage
from tenants.scope import Audience
from tests.isolation.declared import DOCUMENTS, JOBS
from tests.isolation.later import Later, mailbox, run_everything, schools_of, write_everything
from tests.isolation.places import ID
from tests.isolation.test_raw_sql import refused

KEY = re.compile(r"(?P<wait>q/)?t/(?P<school>[0-9a-f-]{36})/d/(?P<document>[0-9a-f-]{36})/v\d+")


@pytest.fixture(scope="module")
def later(stack, world, shared_app, tmp_path_factory):
    folder = tmp_path_factory.mktemp("letters")
    redis = Redis.from_url(stack.stack.redis.url)
    redis.flushall()
    patch = pytest.MonkeyPatch()
    with stack.copy(f"later_{new_id().hex[-8:]}") as copy, mailbox(folder) as notify_url:
        settings = copy.settings(notify_base_url=notify_url)
        environment = {}
        for name in type(settings).model_fields:
            value = getattr(settings, name)
            if value is not None:
                environment[name.upper()] = getattr(
                    value, "get_secret_value", lambda value=value: str(value)
                )()
        for name, value in environment.items():
            patch.setenv(name, value)
        storage: ObjectStorage = shared_app.extensions["storage"]
        storage.ensure_bucket()
        engine = create_engine(sqlalchemy_url(copy.superuser_url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            found = Later(world, copy, storage, connection)
            write_everything(found, shared_app)
            run_everything(found, shared_app, redis, environment)
            yield found
        engine.dispose()
    redis.flushall()
    patch.undo()


def names_of(school) -> set[str]:
    """Words that only this school's own people may meet."""
    return {school.canary, school.family_canary, school.concern_canary, str(school.urn)}


def strangers(world, school_id) -> set[str]:
    """Words of everybody else: no other school's, no other council's."""
    found = set()
    for authority in (world.authority, world.other_authority):
        if all(school.school_id != school_id for school in authority.schools):
            found |= {authority.canary, authority.name}
    for school in schools_of(world):
        if school.school_id != school_id:
            found |= names_of(school) | {
                str(person.email) for person in school.people.values() if person.email
            }
            found |= {person.phone for person in school.people.values() if person.phone}
    return found


def people(world) -> set[str]:
    """Everything by which a person could be known: ids, addresses, names."""
    everybody = [
        person
        for place in (*schools_of(world), world.authority, world.other_authority)
        for person in place.people.values()
    ]
    ids = {
        str(getattr(person, key))
        for person in everybody
        for key in ("person_id", "account_id", "membership_id")
    }
    words = {word for person in everybody for word in (person.email, person.phone, person.name) if word}
    canaries = {place.canary for place in (*schools_of(world), world.authority, world.other_authority)}
    return ids | {found.replace("-", "") for found in ids} | words | canaries


def test_every_document_holds_its_own_school_and_no_other(later, record_property):
    made = later.rows("select * from document where object_key is not null and ready_at > now() - interval '1 hour'"
                      " and sha256 <> :zero", zero="0" * 64)  # fmt: skip
    schools = {school.school_id: school for school in schools_of(later.world)}
    read = 0
    for row in made:
        words = later.text_of(row.object_key)
        assert not [word for word in strangers(later.world, row.school_id) if word in words], row.kind
        if row.kind in DOCUMENTS:
            # It could have been seen: the school's own name is in it.
            assert schools[row.school_id].name in " ".join(words.split()), row.kind
        read += 1
    record_property("documents", read)
    states = {(row.kind, row.school_id) for row in made}
    assert states == {(kind, school) for kind in (*DOCUMENTS, "signed_agreement") for school in schools}
    forged = later.rows("select state from document where id = any (:ids)", ids=[
        found for found, kind in later.forged.items() if kind in DOCUMENTS])  # fmt: skip
    assert {row.state for row in forged} == {"refused"}


def test_every_message_goes_to_its_own_people_with_nobody_elses_words(later, record_property):
    by_id = {str(row.id): row for row in later.rows("select * from outbox")}
    sent_by = {school.school_id: 0 for school in schools_of(later.world)}
    for message in later.messages:
        row = by_id[message["reference"]]
        told = json.dumps(message)
        assert not [word for word in strangers(later.world, row.school_id) if word in told], row.kind
        school = next(school for school in schools_of(later.world) if school.school_id == row.school_id)
        addresses = {person.email for person in school.people.values()} | {
            p.phone for p in school.people.values()
        }
        assert message["to"] in addresses | {"someone@example.org"}, row.kind
        sent_by[row.school_id] += 1
    record_property("messages", len(later.messages))
    assert min(sent_by.values()) > 8
    # Whoever writes a row that names somebody of another school has nothing sent to them, and nothing told of them.
    forged_to_others = later.rows(
        "select o.id from outbox o where o.id = any (:ids) and not exists (select from parent p"
        " where p.school_id = o.school_id and p.id = o.recipient_id) and not exists (select from facilitator f"
        " where f.school_id = o.school_id and f.id = o.recipient_id) and not exists (select from staff_member s"
        " where s.school_id = o.school_id and s.id = o.recipient_id)",
        ids=list(later.forged),
    )
    assert len(forged_to_others) > 20
    sent = {message["reference"] for message in later.messages}
    assert not {str(row.id) for row in forged_to_others} & sent


def test_jobs_say_what_to_look_at_and_name_nobody(later, record_property):
    record_property("jobs", len(later.jobs))
    assert {name for name, _, _ in later.jobs} == JOBS
    assert all(not arguments and not named for _, arguments, named in later.jobs)


@pytest.mark.parametrize("when", ["waiting", "done"])
def test_redis_holds_nobody(later, when, record_property):
    everything = getattr(later, when)
    record_property("redis_keys", len(everything))
    assert everything or when == "done"
    for key, value in everything.items():
        held = f"{key} {value}"
        assert not [word for word in people(later.world) if word in held], key
        tenants = {str(school.school_id) for school in schools_of(later.world)}
        assert not [school for school in tenants if school in held], key


def test_every_key_in_storage_is_its_owners(later, record_property):
    record_property("keys", len(later.objects))
    owners = {
        (str(row.school_id), str(row.id)): row
        for row in later.rows("select school_id, id, object_key from document")
    }
    assert len(later.objects) >= 4 * (len(DOCUMENTS) + 1)
    private = people(later.world)
    for key in later.objects:
        match = KEY.fullmatch(key)
        assert match, key
        assert (match["school"], match["document"]) in owners, f"{key} is nobody's"
        head = later.storage._client.head_object(Bucket=later.storage.bucket, Key=key)
        assert set(head["Metadata"]) <= {"sha256"}, key
        assert not [word for word in private if word in repr(head)], key
    # What one school's keys begin with finds nothing of another's.
    for school in schools_of(later.world):
        mine = [key for key in later.objects if f"t/{school.school_id}/" in key]
        assert mine
        listed = later.storage._client.list_objects_v2(
            Bucket=later.storage.bucket, Prefix=f"t/{school.school_id}/"
        )
        for item in listed["Contents"]:
            assert item["Key"].startswith(f"t/{school.school_id}/d/")


WRITERS = [Audience.SCHOOL, Audience.AUTHORITY, Audience.FACILITATOR, Audience.DOCUMENTS]


@pytest.mark.parametrize("audience", WRITERS, ids=lambda audience: audience.value)
def test_the_database_takes_no_key_of_another_school(later, world, audience):
    """As each audience that may write a document's row: its own school's key goes in, no other does."""
    mine, other = world.school, world.sibling_school
    document, kind = new_id(), "session_register" if audience is Audience.FACILITATOR else "agreement"
    own = f"t/{mine.school_id}/d/{document}/v1"
    keys = {
        own: True,
        f"q/{own}": True,
        f"t/{other.school_id}/d/{document}/v1": False,
        f"q/t/{other.school_id}/d/{document}/v1": False,
        f"t/{str(mine.school_id).upper()}/d/{document}/v1": False,
        f"/{own}": False,
        f"t/{mine.school_id}x/d/{document}/v1": False,
        f"t/{mine.school_id}/d/../../{other.school_id}/d/{document}/v1": False,
        f"a/{mine.authority_id}/d/{document}/v1": False,
    }
    login = "wb_documents" if audience is Audience.DOCUMENTS else "wb_web"
    engine = create_engine(sqlalchemy_url(later.stack.url(login)))
    person = mine.people["facilitator" if audience is Audience.FACILITATOR else "lead"]
    with engine.connect() as connection:
        for key, may in keys.items():
            connection.execute(
                text("select set_config('role', :role, true), set_config('app.authority', :a, true),"
                     " set_config('app.school', :s, true), set_config('app.person', :p, true)"),
                {"role": audience.value, "a": str(mine.authority_id), "s": str(mine.school_id),
                 "p": str(person.person_id)},
            )  # fmt: skip
            state = refused(
                connection,
                "insert into document (school_id, id, kind, cohort_id, file_name, state, object_key, next_at,"
                " created_at) values (:s, :d, :k, :c, 'x', 'quarantined', :key, now(), now())",
                s=mine.school_id,
                d=document,
                k=kind,
                c=mine.ids["cohort_id"],
                key=key,
            )
            connection.rollback()
            assert state == ("" if may else "23514"), key
    engine.dispose()


def test_sums_and_results_name_no_school_of_others_and_no_person(later):
    found = later.rows("select authority_id, payload::text as words from release")
    assert len(found) >= 2
    for row in found:
        assert not [word for word in people(later.world) if word in row.words]
        assert not ID.search(row.words)
    assert len(later.rows("select 1 from school_activity where computed_at > now() - interval '1 hour'")) == 4
    for row in later.rows(
        "select school_id, parents::text || facilitators::text || cohorts::text as w from school_activity"
    ):
        assert not [word for word in people(later.world) if word in row.w]


def test_a_link_to_a_file_opens_that_file_for_a_minute_and_nothing_else(later, world):
    """Against the real store: whatever is changed in a signed link, it opens nothing."""
    key_of = {
        school.school_id: next(key for key in later.objects if key.startswith(f"t/{school.school_id}/"))
        for school in schools_of(world)
    }
    mine, other = key_of[world.school.school_id], key_of[world.sibling_school.school_id]
    link = later.storage.presign(mine, filename="notes.pdf", content_type="application/pdf")
    assert requests.get(link, timeout=10).status_code == 200
    assert "X-Amz-Expires=60&" in link
    changed = {
        "another school's key": link.replace(mine, other),
        "a longer life": link.replace("X-Amz-Expires=60", "X-Amz-Expires=86400"),
        "another name": link.replace("notes.pdf", "other.pdf"),
        "shown, not saved": link.replace("attachment", "inline"),
        "another type": link.replace("application%2Fpdf", "text%2Fhtml"),
        "another version": f"{link}&versionId=x",
        "another day": re.sub(r"X-Amz-Date=\d{8}", "X-Amz-Date=20300101", link),
        "no signature": re.sub(r"&X-Amz-Signature=\w+", "", link),
        "another signature": re.sub(r"(X-Amz-Signature=\w{10})\w{4}", r"\g<1>0000", link),
        "a listing": re.sub(r"/t/[^?]*\?", "/?", link),
        "a way up": link.replace(mine, f"{mine}/../../../../../{other}"),
    }
    opened = {what: requests.get(url, timeout=10).status_code for what, url in changed.items() if url != link}
    assert set(opened) == set(changed), "nothing was changed"
    assert all(status in (400, 403, 404) for status in opened.values()), opened
    for method in ("PUT", "DELETE", "POST"):
        assert requests.request(method, link, data=b"x", timeout=10).status_code in (400, 403, 404, 405), (
            method
        )
    assert requests.get(link, timeout=10).content == later.storage.get(mine)
    over = later.storage.presign(mine, filename="x.pdf", content_type="application/pdf", seconds=-1)
    assert requests.get(over, timeout=10).status_code in (400, 403)
