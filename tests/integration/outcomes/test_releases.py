"""A release passes the rules, is looked at, and is published once; nothing else reaches commissioners."""

from __future__ import annotations

import csv
import io
import json
from importlib import import_module

import pytest
from click.testing import CliRunner

from app.cli.release import release as release_command
from app.outcomes.rollup import run_round
from app.outcomes.services import publish_release
from app.shell.refusals import Refused
from infra.ids import new_id
from tests.integration.outcomes.conftest import CANARY
from tests.support.client import PageClient
from tests.support.reading import find_in

PUBLISHED = "select * from published.release order by published_at"


@pytest.fixture
def draft(town, build):
    run_round(town.rollup)
    made = build()
    assert (made.state, made.problems) == ("draft", [])
    return made


def stop_pooling_one(town):
    """One parent takes the third consent back, as the page of choices writes it."""
    row = town.rows(
        "select school_id, parent_id from consent where kind = 'pooled_answers' and given"
        " and school_id = any(:schools) order by parent_id limit 1",
        schools=list(town.ground.cohorts),
    )[0]
    town.change(
        "update consent set given = false where parent_id = :p and kind = 'pooled_answers'", p=row.parent_id
    )
    town.change(
        "insert into rollup_due values (:s, :c, now())", s=row.school_id, c=town.ground.cohorts[row.school_id]
    )


def press_publish(town, release):
    admin = town.client(town.ground.world.authority.admin)
    return admin.post(f"/authority/results/{release.id}/publish", data={"sha256": release.sha256})


def state_of(town, release):
    return town.rows("select * from release where id = :id", id=release.id)[0]


def test_published_figures_name_no_school_and_no_group(town, draft):
    press_publish(town, draft)
    run_round(town.rollup)
    text = json.dumps(town.rows(PUBLISHED)[0].payload)
    ids = [*town.ground.cohorts, *town.ground.cohorts.values()]
    assert CANARY not in text
    assert not [each for each in ids if str(each) in text]


def test_a_release_is_published_once(town, draft, build):
    assert press_publish(town, draft).status_code == 303
    assert press_publish(town, draft).status_code == 303
    assert run_round(town.rollup) == 1
    assert run_round(town.rollup) == 0
    with town.session() as session:
        publish_release(session, town.authority_id, draft.id, windows=[])
        session.commit()
    assert build().state == "published"
    published = town.rows(PUBLISHED)
    assert [(row.id, row.sha256) for row in published] == [(draft.id, draft.sha256)]
    assert state_of(town, draft).approved_by == town.ground.world.authority.admin.name


def test_who_takes_consent_back_is_out_of_what_is_not_published(town, draft):
    before = draft.payload["sections"]["change"]["domains"][0]["figures"]
    stop_pooling_one(town)
    run_round(town.rollup)
    anew = state_of(town, draft)
    assert anew.state == "draft"
    pairs = town.rows("select sum((domains->'confidence'->>'n_paired')::int) as n from cohort_summary")[0].n
    assert pairs == 8 * len(town.ground.cohorts) - 1
    assert anew.payload["sections"]["change"]["domains"][0]["figures"] != before
    # What somebody looked at before is not what would go out now.
    page = press_publish(town, draft).get_data(as_text=True)
    assert "Numbers have changed since you looked" in page
    run_round(town.rollup)
    assert town.rows(PUBLISHED) == []


def test_numbers_that_change_after_the_press_stop_the_publishing(town, draft):
    press_publish(town, draft)
    stop_pooling_one(town)
    run_round(town.rollup)
    assert town.rows(PUBLISHED) == []
    anew = state_of(town, draft)
    assert anew.state == "draft"
    assert anew.problems == ["Numbers have changed since you looked. Look again, then publish."]


def test_a_release_that_was_tampered_with_is_not_published(town, draft):
    town.change(
        "update release set payload = jsonb_set(payload, '{sections,reach,figures,started}', '54') where id = :id",
        id=draft.id,
    )
    press_publish(town, draft)
    run_round(town.rollup)
    assert town.rows(PUBLISHED) == []


def test_too_few_schools_block_a_release_and_the_page_says_why(town, build):
    few = list(town.ground.cohorts.values())[2:]
    town.change("update cohort set state = 'running' where id = any(:few)", few=few)
    run_round(town.rollup)
    made = build()
    assert made.state == "blocked"
    admin = town.client(town.ground.world.authority.admin)
    page = admin.get(f"/authority/results/{made.id}").get_data(as_text=True)
    assert "These results cannot be published" in page
    assert "Results need more schools or trusts" in page
    assert admin.get(f"/authority/results/{made.id}/publish").status_code == 303
    press_publish(town, made)
    run_round(town.rollup)
    assert town.rows(PUBLISHED) == []
    with town.session() as session, pytest.raises(Refused):
        publish_release(session, town.authority_id, made.id, windows=[])


def test_an_authority_asks_looks_publishes_and_takes_back(town):
    run_round(town.rollup)
    authority = town.ground.world.authority
    admin, reader = town.client(authority.admin), town.client(authority.commissioner)
    assert "Put together" in admin.get("/authority/results").get_data(as_text=True)
    admin.post("/authority/results/build", data={"window": town.window_key})
    assert "Being put together" in admin.get("/authority/results").get_data(as_text=True)
    run_round(town.rollup)
    made = town.rows("select * from release")[0]
    preview = admin.get(f"/authority/results/{made.id}").get_data(as_text=True)
    assert CANARY not in preview
    # A draft is not there for commissioners, in the list or by its address.
    assert "Nothing is published yet" in reader.get("/results").get_data(as_text=True)
    assert reader.get(f"/results/{made.id}").status_code == 404
    assert reader.get(f"/authority/results/{made.id}").status_code == 403
    press_publish(town, made)
    run_round(town.rollup)
    page = reader.get(f"/results/{made.id}").get_data(as_text=True)
    assert made.sha256 in page
    assert CANARY not in page
    admin.post(f"/authority/results/{made.id}/withdraw", data={"reason": "A mistake."})
    run_round(town.rollup)
    page = reader.get(f"/results/{made.id}").get_data(as_text=True)
    assert "These results were withdrawn" in page
    assert made.sha256 not in page
    assert reader.get(f"/results/{made.id}/data.csv").status_code == 410


def test_the_same_numbers_may_be_published_again_and_others_not(town, draft, build):
    press_publish(town, draft)
    run_round(town.rollup)
    town.client(town.ground.world.authority.admin).post(
        f"/authority/results/{draft.id}/withdraw", data={"reason": "A mistake."}
    )
    run_round(town.rollup)
    again = build()
    assert (again.state, again.id != draft.id) == ("draft", True)
    stop_pooling_one(town)
    run_round(town.rollup)
    stopped = state_of(town, again)
    assert stopped.state == "blocked"
    assert "Comparing the two could show one parent" in " ".join(stopped.problems)


def test_the_data_holds_the_published_figures_and_a_symbol_for_the_others(town, draft):
    press_publish(town, draft)
    run_round(town.rollup)
    answer = town.client(town.ground.world.authority.commissioner).get(f"/results/{draft.id}/data.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    shown = {(row["area"], row["figure"]): row["value"] for row in rows}
    assert shown["", "Groups"] == str(len(town.ground.cohorts))
    assert shown["", "[c]"].startswith("Not shown")
    assert rows[-1]["value"] == draft.sha256
    values = {row["value"] for row in rows if row["section"] == "Change"}
    assert not {"", "None"} & values


def test_another_authoritys_releases_are_not_found(town, draft):
    press_publish(town, draft)
    run_round(town.rollup)
    other = town.ground.world.other_authority
    for person, place in ((other.admin, "/authority/results"), (other.commissioner, "/results")):
        client = town.client(person)
        foreign, random = (client.get(f"{place}/{each}") for each in (draft.id, new_id()))
        assert (foreign.status_code, random.status_code) == (404, 404)


def test_the_command_builds_publishes_and_says_what_is_wrong(town, monkeypatch):
    # The package has a group of the same name.
    monkeypatch.setattr(import_module("app.cli.release"), "load_settings", town.stack.settings)
    run = CliRunner().invoke
    name = town.ground.world.authority.name
    built = run(release_command, ["build", name, town.window_key])
    assert built.exit_code == 0, built.output
    made = town.rows("select * from release")[0]
    assert str(made.id) in built.output
    assert run(release_command, ["publish", name, str(made.id)]).exit_code == 0
    assert len(town.rows(PUBLISHED)) == 1
    assert run(release_command, ["publish", name, str(new_id())]).exit_code == 1
    assert "no term" in run(release_command, ["build", name, "1999-spring"]).output
    assert "no authority" in run(release_command, ["build", "Nowhere", town.window_key]).output
    blocked = run(release_command, ["build", town.ground.world.other_authority.name, town.window_key])
    assert (blocked.exit_code, "No group finished" in blocked.output) == (1, True)


def test_results_are_shown_to_everybody_after_a_question_and_by_no_old_page(town, draft):
    """Given two pages that ask, when one shows the results and takes them back, then the other shows nothing."""
    admin = town.client(town.ground.world.authority.admin)
    page = f"/authority/results/{draft.id}"
    assert admin.get(f"{page}/public").status_code == 303
    press_publish(town, draft)
    run_round(town.rollup)
    asked = admin.get(f"{page}/public").text
    assert "Show these results to everybody?" in asked
    mark = find_in(r'name="as_shown" value="([^"]+)"', asked)[1]
    for shown in ("yes", "no"):
        admin.post(f"{page}/public", data={"shown": shown})
    stale = {"shown": "yes", "as_shown": mark}
    assert "so nothing was done" in admin.post(f"{page}/public", data=stale, follow_redirects=True).text
    visitor = PageClient(admin.application)
    assert visitor.get(f"/published-results/{draft.id}").status_code == 404
    # and shown and taken back a second time they are again as they were, and the page is still an old one
    mark = find_in(r'name="as_shown" value="([^"]+)"', admin.get(f"{page}/public").text)[1]
    for shown in ("yes", "no"):
        admin.post(f"{page}/public", data={"shown": shown})
    stale = {"shown": "yes", "as_shown": mark}
    assert "so nothing was done" in admin.post(f"{page}/public", data=stale, follow_redirects=True).text
    assert visitor.get(f"/published-results/{draft.id}").status_code == 404


def test_everybody_reads_what_the_authority_shows_and_nothing_else(town, draft):
    """Given published results, when the authority shows them, a visitor reads them; taken back, nobody does."""
    admin = town.client(town.ground.world.authority.admin)
    visitor = PageClient(admin.application)
    press_publish(town, draft)
    run_round(town.rollup)
    assert "No council shows its results" in visitor.get("/published-results").get_data(as_text=True)
    assert visitor.get(f"/published-results/{draft.id}").status_code == 404
    page = f"/authority/results/{draft.id}"
    assert "Show to everybody" in admin.get(page).get_data(as_text=True)
    for _press in range(2):
        admin.post(f"{page}/public", data={"shown": "yes"})
    assert "Read the results of" in visitor.get("/published-results").get_data(as_text=True)
    shown = visitor.get(f"/published-results/{draft.id}").get_data(as_text=True)
    assert draft.sha256 in shown
    assert CANARY not in shown
    other = town.client(town.ground.world.other_authority.admin)
    assert other.post(f"{page}/public", data={"shown": "no"}).status_code == 404
    admin.post(f"{page}/withdraw", data={"reason": "A mistake."})
    # At once: not only when the roll-up has run.
    assert visitor.get(f"/published-results/{draft.id}").status_code == 410
