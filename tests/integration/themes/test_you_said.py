"""You said, we did: what a group says together reaches the school, and nobody learns who said it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.themes.telling import tell_of_themes
from infra.clock import now
from tests.integration.themes.saying import REPLY, WORDS, say, state_of
from tests.support.borrowed import as_login


def main_of(page):
    return page.text.split("<main")[1].split("</main>")[0].partition("csrf_token")[0]


def test_the_school_reads_nothing_before_five_parents_agree(theme_id, others_say, client_for, world, look):
    others_say(theme_id, yes=3)
    say(client_for(world.school.parent), theme_id)

    assert state_of(look, world, theme_id) == "proposed"
    assert WORDS not in client_for(world.school.lead).get("/school/themes").text
    assert client_for(world.school.lead).get(f"/school/themes/{theme_id}/reply").status_code == 404
    assert look(world.school.lead, "select 1 from group_theme") == []


def test_five_who_agree_are_not_enough_where_as_many_do_not(theme_id, others_say, client_for, world, look):
    others_say(theme_id, yes=4, no=5)
    say(client_for(world.school.parent), theme_id)

    assert state_of(look, world, theme_id) == "proposed"


def test_the_fifth_yes_puts_it_on_the_schools_home_with_a_day(approved, client_for, world):
    lead = client_for(world.school.lead)

    assert "Reply to a group" in lead.get("/school").text
    assert WORDS in lead.get("/school/themes").text


def test_a_choice_can_be_changed_until_it_is_the_groups(theme_id, others_say, client_for, world, look):
    parent = client_for(world.school.parent)
    say(parent, theme_id)
    assert "Nobody sees what you chose" in say(parent, theme_id, ours="no").text
    others_say(theme_id, yes=4)

    assert state_of(look, world, theme_id) == "proposed"


def test_who_said_what_is_read_by_nobody_else(approved, world, look):
    asked = "select parent_id from theme_voice where theme_id = :id"

    assert len(look(world.school.parent, asked, id=approved)) == 1
    for person in (world.school.lead, world.school.facilitator, world.authority.people["authority_admin"]):
        with pytest.raises(Exception, match="permission denied"):
            look(person, asked, id=approved)


def test_a_reply_is_read_by_the_group_which_is_told_and_given_once(replied, client_for, world, look):
    assert REPLY in client_for(world.school.parent).get("/my/themes").text
    told = look(world.school.lead, "select 1 from outbox where kind = 'school_replied'")
    assert told

    address = f"/school/themes/{replied}/reply"
    again = client_for(world.school.senco).post(address, data={"reply": "Something else"})
    assert "A reply was given already" in again.text
    assert "Something else" in again.text
    assert REPLY in client_for(world.school.parent).get("/my/themes").text


def test_whether_it_is_enough_is_counted_once_two_weeks_later(replied, others_say, client_for, world, clock):
    sent = {f"{replied.hex}-rate-enough": "partly"}
    parent = client_for(world.school.parent)
    assert "Thank you" in parent.post(f"/my/themes/{replied}/rate", data=sent, follow_redirects=True).text
    others_say(replied, yes=4, enough="no")
    assert "Partly: 1" not in client_for(world.school.lead).get("/school/themes").text

    clock.move(timedelta(days=14, minutes=1))
    assert "Yes: 0. Partly: 1. No: 4." in client_for(world.school.lead).get("/school/themes").text
    late = client_for(world.school.parent).post(
        f"/my/themes/{replied}/rate", data=sent, follow_redirects=True
    )
    assert "has been counted. Nothing was changed." in late.text


def test_ratings_that_are_all_alike_are_not_shown(replied, others_say, client_for, world, clock):
    others_say(replied, yes=5, enough="no")
    clock.move(timedelta(days=15))

    assert "No: 5" not in client_for(world.school.lead).get("/school/themes").text


def test_no_page_and_no_trail_of_staff_says_who_spoke_or_how_many(
    theme_id, others_say, client_for, world, look
):
    others_say(theme_id, yes=3)
    before = client_for(world.school.facilitator).get(
        f"/group/cohorts/{world.school.ids['cohort_id']}/themes"
    )
    say(client_for(world.school.parent), theme_id)
    after = client_for(world.school.facilitator).get(f"/group/cohorts/{world.school.ids['cohort_id']}/themes")

    assert main_of(before) == main_of(after)
    asked = "select event from audit_event where event like 'themes:%'"
    assert look(world.school.lead, asked) == []


def test_who_left_the_group_has_taken_their_voice_along(
    theme_id, others_say, client_for, world, look, connection
):
    others_say(theme_id, yes=4)
    with as_login(connection, "wb_owner"):
        connection.execute(
            text(
                "update enrolment set status = 'left', left_at = now() where parent_id ="
                " (select parent_id from theme_voice where theme_id = :id limit 1)"
            ),
            {"id": theme_id},
        )
    say(client_for(world.school.parent), theme_id)

    assert state_of(look, world, theme_id) == "proposed"


def test_a_group_of_five_says_nothing_in_this_way(client_for, world):
    leader = client_for(world.school.facilitator)
    address = f"/group/cohorts/{world.school.ids['cohort_id']}/themes"

    assert "fewer than six parents" in leader.post(address, data={"words": WORDS}).text


def test_whoever_leads_the_school_is_written_to_once(approved, world, connection):
    school = world.school
    with as_login(connection, "wb_documents"):
        connection.execute(
            text(
                "select set_config('app.school', :school, true), set_config('app.authority', :authority, true)"
            ),
            {"school": str(school.school_id), "authority": str(school.authority_id)},
        )
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            assert tell_of_themes(session, school_id=school.school_id, moment=now()) == 1
            assert tell_of_themes(session, school_id=school.school_id, moment=now()) == 0


def test_the_council_reads_numbers_and_words_only_of_what_five_released(
    replied, others_say, client_for, world
):
    council = client_for(world.authority.people["authority_admin"])
    page = council.get("/authority/themes").text
    assert world.school.name in page
    # A school has longer where holidays lie between.
    assert "In time" in page
    assert "Within two weeks" not in page
    assert WORDS not in page
    assert REPLY not in page

    others_say(replied, yes=4, to_council=True)
    say(client_for(world.school.parent), replied, to_council="y")
    page = council.get("/authority/themes").text
    assert WORDS in page
    assert REPLY in page

    say(client_for(world.school.parent), replied)
    assert WORDS not in council.get("/authority/themes").text


def test_a_name_of_somebody_in_the_group_is_asked_about(client_for, world, look, others):
    name = look(
        world.school.facilitator,
        "select first_name from parent_contact where parent_id = :id",
        id=world.school.parent.person_id,
    )[0].first_name
    leader = client_for(world.school.facilitator)
    address = f"/group/cohorts/{world.school.ids['cohort_id']}/themes"
    words = f"{name.lower()} and others wait for a call."

    page = leader.post(address, data={"words": words})
    assert "A name of somebody in your group" in page.text
    assert words in page.text
    page = leader.post(address, data={"words": words, "names_nobody": "y"}, follow_redirects=True)
    assert "It is before the group now" in page.text


def test_what_was_not_approved_is_taken_back_and_the_groups_own_is_not(
    theme_id, others_say, client_for, world, look
):
    leader = client_for(world.school.facilitator)
    stale = leader.get(f"/group/cohorts/{world.school.ids['cohort_id']}/themes").text
    token = stale.split('name="as_shown" value="')[1].split('"')[0]
    others_say(theme_id, yes=4)
    say(client_for(world.school.parent), theme_id)

    leader.post(f"/group/themes/{theme_id}/withdraw", data={"as_shown": token})
    assert state_of(look, world, theme_id) == "approved"


def test_another_groups_parent_and_another_schools_lead_find_nothing(theme_id, client_for, world, look):
    assert WORDS not in say(client_for(world.other_school.parent), theme_id).text
    assert look(world.school.facilitator, "select 1 from group_theme where id = :id", id=theme_id)
    assert client_for(world.sibling_school.lead).get(f"/school/themes/{theme_id}/reply").status_code == 404
    assert client_for(world.school.people["graduate"]).get("/my/themes").status_code == 200


def test_nothing_chosen_and_words_too_long_are_said_at_their_boxes(theme_id, client_for, world):
    parent = client_for(world.school.parent)
    page = parent.post(f"/my/themes/{theme_id}/voice", data={})
    assert "Choose yes or no" in page.text
    sent = {f"{theme_id.hex}-rate-enough": "yes"}
    page = parent.post(f"/my/themes/{theme_id}/rate", data=sent, follow_redirects=True)
    assert "This is not there any more" in page.text

    leader = client_for(world.school.facilitator)
    address = f"/group/cohorts/{world.school.ids['cohort_id']}/themes"
    assert "300" in leader.post(address, data={"words": "x" * 301}).text
    assert "Write what many of you say" in leader.post(address, data={"words": "\u200b"}).text


def test_the_message_of_a_reply_opens_the_reply(replied, client_for, world):
    opened = client_for(world.school.parent).get("/go/themes", follow_redirects=True)

    assert opened.request.path == "/my/themes"
    assert REPLY in opened.text
    assert client_for(world.school.lead).get("/go/themes").location.endswith("/school/themes")


def test_a_no_after_it_is_the_groups_is_not_told_as_the_fifth_yes(approved, client_for, world):
    assert "Five of you say this" not in say(client_for(world.school.parent), approved, ours="no").text
