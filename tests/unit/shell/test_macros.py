"""Macros: states in words, escaping, and nothing drawn for what was not given."""

from __future__ import annotations

import html5lib
import pytest
from markupsafe import Markup

from app.shell.charts import Spoke, star

UI = '{% import "shell/macros/ui.html" as ui %}{% import "shell/macros/work.html" as work %}'
PEOPLE = '{% import "shell/macros/people.html" as people %}'


@pytest.fixture
def show(draw):
    def html(call: str, **context) -> str:
        drawn = " ".join(draw(UI + PEOPLE + call, **context).split())
        html5lib.HTMLParser(strict=True).parseFragment(drawn)
        return drawn

    return html


def test_what_people_typed_is_escaped_everywhere(show):
    evil = "<script>x</script>"
    page = show(
        "{{ ui.page_head(evil, evil, evil) }}{{ ui.tag(evil) }}{{ ui.empty(evil, evil) }}{{ ui.person(evil, evil) }}"
        "{{ ui.summary_list([{'key': evil, 'value': evil, 'href': '#', 'hidden': evil}]) }}"
        "{{ ui.facts([{'term': evil, 'text': evil}]) }}{{ ui.history([{'what': evil, 'who': evil, 'note': evil}]) }}"
        "{{ work.table(evil, [evil, evil], [[{'text': evil, 'note': evil}, evil]]) }}{{ ui.warning(evil) }}"
        "{{ work.today([{'text': evil, 'note': evil, 'tag': {'text': evil}}]) }}"
        "{{ ui.task_list([{'text': evil, 'hint': evil, 'status': {'text': evil}}]) }}"
        "{{ work.pipeline([{'count': evil, 'text': evil}]) }}"
        "{{ people.sessions([{'number': 1, 'state': 'next', 'date': evil}]) }}"
        "{{ people.agenda([{'clock': evil, 'minutes': 5, 'title': evil, 'say': evil}]) }}"
        "{{ people.seen([{'who': evil, 'answer': 'no', 'note': evil}]) }}",
        evil=evil,
    )
    assert "<script>" not in page


def test_markup_that_code_made_is_kept(show):
    assert "<b>Room 4</b>" in show(
        "{{ ui.summary_list([{'key': 'Room', 'value': room}]) }}", room=Markup("<b>Room 4</b>")
    )


def test_a_fact_that_is_missing_says_so(show):
    page = show("{{ ui.summary_list([{'key': 'Room', 'value': none, 'href': '/room'}]) }}")
    assert "Not given yet" in page
    assert 'Change<span class="govuk-visually-hidden"> room</span>' in page


def test_an_unknown_state_shows_as_it_is(show):
    states = {"joined": {"label": "Joined", "kind": "good"}}
    assert "wb-tag--good" in show("{{ ui.status('joined', states) }}", states=states)
    assert ">lost<" in show("{{ ui.status('lost', states) }}", states=states)


def test_one_press_carries_its_token_and_its_row(show):
    page = show("{{ ui.post_button('/remind', 'Remind', fields={'week': 3}, hidden_text='Selin') }}")
    assert 'method="post"' in page
    assert 'name="csrf_token"' in page
    assert 'name="week" value="3"' in page
    assert 'Remind<span class="govuk-visually-hidden"> Selin</span>' in page


def test_sessions_say_their_state_in_words(show):
    page = show(
        "{{ people.sessions(items) }}",
        items=[
            {"number": 1, "state": "done", "date": "12 January"},
            {"state": "gap", "date": "Half-term"},
            {"number": 2, "state": "next", "date": "23 February", "href": "/2", "link_text": "Notes"},
        ],
    )
    assert "Session 1. Done." in page
    assert "Session 2. Next." in page
    assert 'Notes<span class="govuk-visually-hidden"> (23 February)</span>' in page


def test_filters_that_are_not_set_show_nothing(show):
    assert show("{{ work.chips([], '/all') }}") == ""
    assert "Clear all" in show("{{ work.chips([{'text': 'Invited', 'href': '/x'}], '/all') }}")


def test_a_list_says_how_much_of_it_is_here(show):
    assert "Showing 1 to 50 of 1,312 parents" in show("{{ ui.count_line(1, 50, 1312, 'parents') }}")
    assert ">3 parents<" in show("{{ ui.count_line(1, 3, 3, 'parents') }}")


def test_a_figure_that_may_not_be_shown_is_said_in_words(show):
    page = show("{{ work.data_table('Change', ['Area', 'Before'], [['Confidence', none], ['School', 0]]) }}")
    assert "Not shown" in page
    assert ">0<" in page


def test_a_table_of_people_keeps_its_headings_for_phones(show):
    page = show("{{ work.table('Parents', ['Name', 'Child'], [['Selin', none]]) }}")
    assert 'scope="row"' in page
    assert 'data-label="Child"' in page
    assert "Not given" in page


def test_the_board_reads_items_not_a_dictionary_method(show):
    page = show(
        "{{ work.board([{'title': 'Invited', 'count': 1, 'items': schools}]) }}",
        schools=[{"text": "Highmoor", "href": "/h", "stuck": True}],
    )
    assert "Highmoor" in page
    assert "is-stuck" in page


def test_a_star_draws_only_what_was_answered(show):
    spokes = [Spoke("Confidence", 4, 6), Spoke("Not alone", None, 7), Spoke("Working with school", 2, 5)]
    drawing = star(spokes, "Before and after")
    assert len(drawing["before"]["dots"]) == 2
    assert len(drawing["after"]["dots"]) == 3
    assert drawing["labels"][2]["lines"] == ["Working", "with school"]
    assert 'aria-label="Before and after"' in show(
        "{{ people.star(drawing, 'Only you see this') }}", drawing=drawing
    )
    nothing = star([Spoke("A", None), Spoke("B", None), Spoke("C", None)], "Nothing yet")
    assert nothing["before"] is None
    assert "polygon" in show("{{ people.star(drawing, 'x') }}", drawing=nothing)
    with pytest.raises(ValueError, match="three to ten"):
        star(spokes[:2], "too few")
