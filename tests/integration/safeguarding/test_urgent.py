""" "Could somebody be hurt today? Yes" is acted on at any hour, and says nothing to anybody who may not know."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import text

from app.messages.catalogue import get_kind
from app.messages.links import confirm_code
from app.messages.timing import next_allowed
from app.states.messages import Channel
from infra.clock import LONDON
from infra.database import make_engine
from tenants.scope import Audience, Scope
from tests.support.reading import find_in
from workers.schedule import Schedule

MOBILE = "+447700900321"


def look_after(own):
    settings = own.stack.settings()
    engine = make_engine(settings.secret("database_documents_url"))
    try:
        return Schedule(engine, settings.secret("redis_url")).look_after_concerns()
    finally:
        engine.dispose()


def has_mobile(own, person, phone=MOBILE):
    own.rows("insert into identity.work_mobile (account_id, phone) values (%s, %s)", person.account_id, phone)


def messages(own, outbox="outbox", like="concern_%"):
    return [
        (row["kind"], row["channel"], row["recipient_id"])
        for row in own.rows(
            f"select * from {outbox} where kind like %s order by kind, channel, recipient_id", like
        )
    ]


def words(page):
    """The words of a page's own part, without its frame."""
    main = re.sub(r"<[^>]+>", " ", page.split('<main id="main-content">', 1)[1].split("</main>", 1)[0])
    return " ".join(main.split())


def age(own, concern_id, minutes=31):
    for table in ("concern", "authority_concern"):
        own.rows(
            f"update {table} set raised_at = raised_at - make_interval(mins => %s) where id = %s",
            minutes,
            concern_id,
        )


@pytest.mark.parametrize("risk", ["yes", "not_sure"])
def test_a_text_and_an_email_go_to_everybody_on_its_route(own, world, raise_one, risk):
    has_mobile(own, world.school.dsl)
    raise_one(risk_today=risk)

    reader = world.school.dsl.person_id
    assert messages(own) == [
        ("concern_urgent_for_dsl", "email", reader),
        ("concern_urgent_for_dsl", "sms", reader),
    ]
    assert messages(own, "authority_outbox") == []


@pytest.mark.parametrize("about", ["staff", "school", "facilitator"])
def test_never_to_its_subject(own, world, raise_one, about):
    has_mobile(own, world.school.dsl)
    has_mobile(own, world.authority.officer, "+447700900322")
    raise_one(about=about, risk_today="yes")

    assert messages(own) == []
    officer = world.authority.officer.person_id
    assert messages(own, "authority_outbox") == [
        ("concern_urgent_for_officer", "email", officer),
        ("concern_urgent_for_officer", "sms", officer),
    ]


def test_without_a_number_there_is_an_email_alone(own, world, raise_one):
    raise_one(risk_today="yes")
    assert [channel for _kind, channel, _reader in messages(own)] == ["email"]


def test_where_nobody_could_be_hurt_an_ordinary_message_goes(own, world, raise_one):
    has_mobile(own, world.school.dsl)
    raise_one(risk_today="no")
    assert [(kind, channel) for kind, channel, _reader in messages(own)] == [
        ("concern_received_for_dsl", "email")
    ]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 28, 23, 40, tzinfo=LONDON),  # a Saturday night
        datetime(2026, 12, 25, 3, 0, tzinfo=LONDON),
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),  # the hour that comes twice
        datetime(2028, 2, 29, 20, 1, tzinfo=LONDON),
    ],
)
@pytest.mark.parametrize(
    "kind",
    ["concern_urgent_for_dsl", "concern_urgent_for_officer", "concern_unopened_for_officer", "mobile_code"],
)
def test_no_quiet_hour_holds_it_back(kind, moment):
    assert next_allowed(get_kind(kind), Channel.SMS, moment) == moment


def test_no_word_of_it_is_in_a_row_a_subject_or_a_log(own, world, raise_one, capfd):
    has_mobile(own, world.school.dsl)
    raise_one(risk_today="yes", about_name="Zebedee", reach_me="07700 900888")
    rows = own.rows("select outbox::text from outbox") + own.rows("select audit_event::text from audit_event")
    words = " ".join(next(iter(row.values())) for row in rows) + "".join(capfd.readouterr())
    for private in ("Zanzibar", "Zebedee", "900888", "my arm"):
        assert private not in words
    for kind in ("concern_urgent_for_dsl", "concern_unopened_for_officer"):
        email = get_kind(kind).email
        assert email
        assert not re.search(r"\{(?!link)", " ".join(email.body)), "nothing but the link"
        assert "{" not in email.subject


def test_the_person_who_raised_it_reads_first_what_to_do_now(own, world, raise_one):
    concern_id, client = raise_one(risk_today="yes")
    page = client.get(f"/concerns/{concern_id}/received").text

    first, facts = page.index("Do not wait for us"), page.index("Reference")
    assert first < facts
    assert page.index('href="tel:999"') < facts
    assert page.index('href="tel:02079460003"') < facts, "the council's number for nights and weekends"
    calm, client = raise_one()
    assert "Do not wait for us" not in client.get(f"/concerns/{calm}/received").text
    for form in ("/concerns", "/concerns/new"):
        assert 'href="tel:02079460003"' in client.get(form).text


# ---- nobody opens it


def test_after_half_an_hour_the_officer_is_told_once_and_may_take_it_over(own, world, raise_one):
    has_mobile(own, world.authority.officer)
    concern_id, client = raise_one(risk_today="yes")
    officer = own.client(world.authority.officer)
    place = f"/officer/unopened/{concern_id}/take-over"

    assert look_after(own) == 0, "29 minutes are not 30"
    assert "Take it over" not in officer.get("/officer").text
    assert officer.post(place).headers["Location"].endswith("/officer")
    assert officer.get(f"/officer/concerns/{concern_id}").status_code == 404

    age(own, concern_id)
    assert look_after(own) == 1
    assert look_after(own) == 0
    assert [(kind, channel) for kind, channel, _who in messages(own, "authority_outbox")] == [
        ("concern_unopened_for_officer", "email"),
        ("concern_unopened_for_officer", "sms"),
    ]
    desk = officer.get("/officer").text
    assert "Take it over" in desk
    assert "Zanzibar" not in desk
    (school,) = own.rows(
        "select dsl_phone, contact_phone from school where school_id = %s", world.school.school_id
    )
    for number in filter(None, school.values()):
        assert f'href="tel:{number.replace(" ", "")}"' in desk, "whom to call stands beside it"

    assert officer.post(place).headers["Location"].endswith(f"/officer/concerns/{concern_id}")
    assert "Zanzibar" in officer.get(f"/officer/concerns/{concern_id}").text
    (handover,) = own.rows("select * from concern_handover where concern_id = %s", concern_id)
    assert (handover["reason"], handover["by_name"]) == ("unopened", world.authority.officer.name)
    assert ("concern_taken_over", "email", world.school.dsl.person_id) in messages(own)
    told = own.client(world.school.dsl).get(f"/school/concerns/{concern_id}").text
    assert f"{world.authority.officer.name}, the council’s named officer, took this over" in told
    receipt = words(client.get(f"/concerns/{concern_id}/received").text)
    assert f"{world.authority.officer.name} took it over on" in receipt
    assert f"Who else can read it {world.school.dsl.name}, the school’s safeguarding lead" in receipt
    assert "does not go through the school" not in receipt
    assert own.value(
        "select count(*) from authority_audit_event where event = 'safeguarding:handed_concern:taken_over'"
    )


def test_how_a_concern_went_on_is_told_to_whoever_raised_it_alone(own, world, raise_one):
    concern_id, _client = raise_one(risk_today="yes")
    age(own, concern_id)
    own.client(world.authority.officer).post(f"/officer/unopened/{concern_id}/take-over")
    for person in (world.school.lead, world.school.facilitator, world.school.people["other_parent"]):
        with own.session("wb_web", person.scope) as session:
            assert session.execute(text("select * from concern_handover")).all() == []
    with own.session("wb_web", world.school.parent.scope) as session:
        assert len(session.execute(text("select * from concern_handover")).all()) == 1


def test_the_urgent_one_comes_first_alone_and_in_words(own, world, raise_one):
    raise_one()
    urgent, _client = raise_one(risk_today="yes")
    page = own.client(world.school.dsl).get("/school").text
    first = words(page).index("Somebody could be hurt today. Read it now")
    assert words(page).index("waiting", first) > first
    assert "waiting" not in words(page)[:first]
    assert find_in(r'<li class="wb-today__item">.*?href="([^"]+)"', page, re.DOTALL).group(1) == (
        f"/school/concerns/{urgent}"
    )
    dsl = own.client(world.school.dsl)
    assert "Somebody could be hurt today" in words(dsl.get("/school/concerns").text)
    dsl.post(f"/school/concerns/{urgent}/read")
    for path in ("/school", "/school/concerns"):
        assert "Somebody could be hurt today" not in words(dsl.get(path).text), path


@pytest.mark.parametrize("handed", [False, True], ids=["about staff", "taken over"])
def test_it_comes_first_on_the_officers_page_too(own, world, raise_one, handed):
    raise_one(about="staff")
    urgent, _client = raise_one(about="child" if handed else "staff", risk_today="yes")
    officer = own.client(world.authority.officer)
    if handed:
        age(own, urgent)
        officer.post(f"/officer/unopened/{urgent}/take-over")
    page = officer.get("/officer").text
    assert "Somebody could be hurt today. Read it now" in words(page)
    first = find_in(r'<li class="wb-today__item">.*?href="([^"]+)"', page, re.DOTALL)
    assert first.group(1) == f"/officer/concerns/{urgent}"
    officer.post(f"/officer/concerns/{urgent}/read")
    assert "Somebody could be hurt today" not in words(officer.get("/officer").text)


def test_once_opened_it_is_nobody_elses(own, world, raise_one):
    concern_id, _client = raise_one(risk_today="yes")
    own.client(world.school.dsl).get(f"/school/concerns/{concern_id}")
    age(own, concern_id)

    assert look_after(own) == 0
    officer = own.client(world.authority.officer)
    page = officer.post(f"/officer/unopened/{concern_id}/take-over", follow_redirects=True).text
    assert "Somebody has opened this concern meanwhile" in page
    assert own.rows("select 1 from concern_handover") == []


def test_what_is_not_urgent_waits_for_its_reader(own, world, raise_one):
    concern_id, _client = raise_one(risk_today="no")
    age(own, concern_id, 24 * 60)
    assert look_after(own) == 0


def test_who_is_not_sure_is_answered_as_if_they_had_said_yes(own, world, raise_one):
    """Given a concern whose writer could not tell, when nobody opens it for half an hour, the officer hears of it."""
    concern_id, client = raise_one(risk_today="not_sure")
    assert "Do not wait for us" in client.get(f"/concerns/{concern_id}/received").text
    assert "Somebody could be hurt today" in own.client(world.school.dsl).get("/school").text
    age(own, concern_id)

    assert look_after(own) == 1
    assert "Take it over" in own.client(world.authority.officer).get("/officer").text
    lead = own.client(world.school.dsl)
    assert "Perhaps a risk today" in lead.get("/school/concerns").text
    assert "was not sure whether somebody could be hurt" in lead.get(f"/school/concerns/{concern_id}").text


def test_an_officer_of_another_council_takes_nothing_over(own, world, raise_one):
    concern_id, _client = raise_one(risk_today="yes")
    age(own, concern_id)
    other = own.client(world.other_authority.officer)
    assert "Take it over" not in other.get("/officer").text
    other.post(f"/officer/unopened/{concern_id}/take-over")
    assert own.rows("select 1 from concern_handover") == []


def test_what_the_officers_themselves_do_not_open_is_told_again(own, world, raise_one):
    concern_id, _client = raise_one(about="staff", risk_today="yes")
    age(own, concern_id)
    assert look_after(own) == 1
    assert look_after(own) == 0
    assert [kind for kind, _channel, _who in messages(own, "authority_outbox")] == [
        "concern_unopened_for_officer",
        "concern_urgent_for_officer",
    ]


# ---- a mobile number of one's own


def ask_for_code(own, client, phone="07700 900321"):
    answer = client.post("/my-account/mobile", data={"phone": phone})
    assert answer.headers["Location"].endswith("/my-account/mobile/code"), answer.text
    outbox = own.rows("select id from outbox where kind = 'mobile_code' order by created_at desc, id desc")
    return confirm_code(own.app.config["SECRET_KEY"], outbox[0]["id"])


def test_a_number_counts_once_its_code_came_back(own, world):
    client = own.client(world.school.dsl)
    code = ask_for_code(own, client)
    assert own.rows("select 1 from identity.work_mobile") == []
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    assert "This code is not right" in client.post("/my-account/mobile/code", data={"code": wrong}).text
    assert client.post("/my-account/mobile/code", data={"code": code}).status_code == 303

    assert own.value("select phone from identity.work_mobile") == MOBILE
    assert "07700 900321" in client.get("/my-account").text
    assert client.post("/my-account/mobile/remove").status_code == 303
    assert own.rows("select 1 from identity.work_mobile") == []


def test_a_code_works_in_time_once_and_in_its_own_browser(own, world):
    mine, theirs = own.client(world.school.dsl), own.client(world.sibling_school.dsl)
    code = ask_for_code(own, mine)
    ask_for_code(own, theirs, "07700 900322")
    assert "not right" in theirs.post("/my-account/mobile/code", data={"code": code}).text
    own.rows("update identity.token set expires_at = now() - interval '1 second' where purpose = 'mobile'")
    assert "not right" in mine.post("/my-account/mobile/code", data={"code": code}).text
    assert own.rows("select 1 from identity.work_mobile") == []


def test_a_mobile_code_confirms_no_session(own, world):
    client = own.client(world.school.dsl)
    code = ask_for_code(own, client)
    page = client.post("/confirm", data={"code": code})
    assert page.status_code == 200, "it is not the app's"


@pytest.mark.parametrize("who", ["lead", "senco", "parent", "facilitator"])
def test_only_those_who_read_concerns_are_asked_for_a_number(own, world, who):
    client = own.client(world.school.people[who])
    assert "Mobile for concerns" not in client.get("/my-account").text
    assert client.get("/my-account/mobile").status_code == 403


def test_numbers_are_read_for_readers_of_the_scope_alone(own, world):
    has_mobile(own, world.school.dsl)
    has_mobile(own, world.sibling_school.dsl, "+447700900400")
    has_mobile(own, world.school.lead, "+447700900401")
    everybody = [p.person_id for p in (world.school.dsl, world.sibling_school.dsl, world.school.lead)]
    scope = Scope(Audience.DISPATCH, world.authority.authority_id, world.school.school_id)
    with own.session("wb_dispatch", scope) as session:
        found = session.execute(
            text("select phone from identity.reader_mobiles(:people)"), {"people": everybody}
        ).scalars()
        assert found.all() == [MOBILE]


def test_a_school_starts_only_where_a_number_answers_at_night(own, world):
    own.rows("update authority set out_of_hours_phone = ''")
    own.rows("update school set stage = 'set_up' where school_id = %s", world.school.school_id)
    admin = own.client(world.authority.admin)
    page = admin.post(f"/authority/schools/{world.school.school_id}/activate", follow_redirects=True).text
    assert "answers out of hours" in page
    assert own.value("select stage from school where school_id = %s", world.school.school_id) == "set_up"
    assert "Enter the number that answers out of hours" in admin.get("/authority").text


def test_half_an_hour_is_half_an_hour(own, world, raise_one):
    concern_id, _client = raise_one(risk_today="yes")
    for minutes, found in ((29, 0), (2, 1)):
        age(own, concern_id, minutes)
        assert look_after(own) == found


def test_a_reader_without_a_mobile_number_is_asked_for_one_where_they_begin(own, world):
    """Given readers of a school and a council without a number, then each reads a task on their first page, and the
    lists of school and council say it of the school's; with a number, nobody does."""
    task, said = "Add your mobile number", "No mobile number yet, so what cannot wait comes by email only"
    dsl, officer = own.client(world.school.dsl), own.client(world.authority.officer)
    lists = (
        (own.client(world.school.lead), "/school/set-up"),
        (own.client(world.authority.admin), f"/authority/schools/{world.school.school_id}"),
    )
    for client, path in ((dsl, "/school"), (dsl, "/school/concerns"), (officer, "/officer")):
        assert task in client.get(path).text, path
    for client, path in lists:
        assert said in client.get(path).text, path
    assert task not in own.client(world.school.lead).get("/school").text

    has_mobile(own, world.school.dsl)
    has_mobile(own, world.authority.officer, "+447700900322")
    for client, path in ((dsl, "/school"), (dsl, "/school/concerns"), (officer, "/officer")):
        assert task not in client.get(path).text, path
    for client, path in lists:
        assert said not in client.get(path).text, path
