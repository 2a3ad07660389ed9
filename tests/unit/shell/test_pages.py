"""Public pages, error pages and the frame: sound HTML, no inline code, a way out, and words fit for parents."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest
from flask import render_template
from jinja2 import UndefinedError

from tests.support.reading import find_in

TEMPLATES = Path(__file__).parents[3] / "app" / "shell" / "templates"
PUBLIC = [
    "/",
    "/brief",
    "/help",
    "/privacy",
    "/staying-safe-online",
    "/accessibility",
    "/cookies",
    "/contact",
]
ERRORS = [400, 401, 403, 404, 405, 413, 429, 500, 503]
#: Words that blame, or that make a group sound like a lesson.
NEVER = re.compile(
    r"\b(course|parenting class|refuser|truan\w+|non-compliant|hard to reach|fail\w*)\b", re.IGNORECASE
)


def check(html: str) -> None:
    """Fail for what no page may have."""
    html5lib.HTMLParser(strict=True).parse(html)
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id is used twice"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert re.findall(r"<script[^>]*>", html) == re.findall(
        r'<script (?:type="module" src="/static/[^"]+"|src="/static/build/out\.[^"]+")>', html
    )
    title = find_in(r"<title>(.*?)</title>", html, re.DOTALL)[1]
    assert title.endswith(" - We Belong")
    assert title == " ".join(title.split())
    words = re.sub(r"<[^>]+>", " ", html)
    assert not NEVER.search(words)
    assert "{{" not in words
    assert 'href="#main-content"' in html


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("person", [None, "parent", "school"])
def test_a_public_page_is_sound_for_everybody(seen_by, path, person):
    answer = seen_by(person).get(path)
    assert answer.status_code == 200
    check(answer.text)


@pytest.mark.parametrize("path", PUBLIC)
def test_visitors_and_parents_find_a_way_out_and_people_to_call(seen_by, path):
    for person in (None, "parent"):
        page = seen_by(person).get(path).text
        assert page.count('href="/leave"') == 2, "the button, and once more beside the support lines"
        assert len(re.findall(r'href="/leave"(?![^>]*tabindex="-1")', page)) == 1, "one tab stop"
        assert "tel:116123" in page
        assert 'href="tel:999"' in page


@pytest.mark.parametrize("path", [path for path in PUBLIC if path != "/"])
def test_people_at_work_are_not_shown_the_exit_bar(seen_by, path):
    assert 'href="/leave"' not in seen_by("school").get(path).text


def test_the_named_contact_and_confirmed_lines_take_the_place_of_the_general_ones(seen_by):
    support = {
        "lines": [{"name": "Eastmere night line 0800 1", "href": "tel:08001", "note": "nights"}],
        "contact": {
            "name": "Carol Hughes",
            "role": "SENCO",
            "phone": "020 7946 0118",
            "phone_href": "tel:02079460118",
            "email": None,
        },
    }
    page = seen_by("parent", support=support).get("/contact").text
    assert "Carol Hughes" in page
    assert "tel:02079460118" in page
    assert "Eastmere night line" in page
    assert "tel:116123" not in page


def test_the_frame_shows_who_is_signed_in_and_signs_out_by_post(seen_by):
    page = (
        seen_by(
            "parent",
            tenant_name="Larkfield School",
            nav=[
                {"text": "Home", "href": "/home", "current": True},
                {"text": "Notes", "href": "/notes", "current": False},
            ],
        )
        .get("/help")
        .text
    )
    assert '<bdi translate="no">Selin</bdi>, Parent' in page
    assert "Larkfield School" in page
    assert page.count('aria-current="page"') == 1
    assert re.search(
        r'<form[^>]*method="post"[^>]*action="/sign-out".*?name="csrf_token" value="[^"]+"', page, re.DOTALL
    )
    assert "Change role" in page
    assert "Change role" not in seen_by("school").get("/help").text
    assert "/sign-out" not in seen_by().get("/help").text


def test_a_page_may_be_written_from_right_to_left(seen_by):
    page = seen_by(lang="ar", text_dir="rtl").get("/help").text
    assert '<html lang="ar" dir="rtl"' in page
    assert "/app-rtl." in page


def test_leaving_forgets_the_browser_and_shows_the_weather(seen_by, shell_app):
    answer = seen_by("parent").get("/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("status", ERRORS)
@pytest.mark.parametrize("person", [None, "school"])
def test_an_error_page_says_what_to_do(seen_by, shell_app, status, person):
    seen_by(person)
    with shell_app.test_request_context("/anything"):
        page = render_template(f"shell/errors/{status}.html", status=status)
    check(page)
    assert "govuk-button" in page


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_page_asks_the_database_nothing(seen_by, shell_app, status):
    class Broken:
        def __getattr__(self, name):
            raise AssertionError("the page asked for the support lines of the authority")

        def __bool__(self):
            raise AssertionError("the page asked for the support lines of the authority")

    seen_by("parent", support=Broken())
    with shell_app.test_request_context("/anything"):
        check(render_template(f"shell/errors/{status}.html", status=status))


@pytest.mark.parametrize("problem", ["ended", "used", "wrong"])
def test_a_link_that_cannot_be_opened_leads_to_a_new_one(seen_by, shell_app, problem):
    seen_by()
    with shell_app.test_request_context("/anything"):
        page = render_template("shell/link_problem.html", problem=problem)
    check(page)
    assert 'href="/new-link"' in page


def test_opening_a_link_needs_a_press(seen_by, shell_app):
    seen_by()
    with shell_app.test_request_context("/anything"):
        page = render_template("shell/open_link.html", action="/l/abc")
    check(page)
    assert re.search(r'<form method="post" action="/l/abc"', page)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_every_template_compiles(shell_app, path):
    shell_app.jinja_env.get_template(path.relative_to(TEMPLATES).as_posix())


def test_a_misspelt_name_stops_the_page_and_a_missing_option_does_not(draw):
    with pytest.raises(UndefinedError):
        draw("{{ frist_name }}")
    with pytest.raises(UndefinedError):
        draw("{{ person.frist_name }}", person=object())
    assert draw("{{ options.classes }}", options={}) == ""


#: Forms that keep what is typed on the device -> whether by choice, and what /cookies calls them.
KEPT_HERE = {
    "meetings/take_register.html": (False, "The register and"),
    "meetings/write_notes.html": (False, "the notes of a session"),
    "facilitators/apply.html": (False, "an application to lead groups"),
    "themes/led.html": (False, "what a group says to its school"),
    "themes/reply.html": (False, "the school’s reply"),
    "safeguarding/raise.html": (True, "A concern and"),
    "safeguarding/read.html": (True, "its record"),
    "measures/question.html": (True, "answers to questions"),
}


def test_the_cookies_page_names_all_that_stays_on_the_device(seen_by):
    app = Path(__file__).parents[3] / "app"
    keeps = {
        str(path.relative_to(path.parents[1])): "ask=true" in found.group()
        for path in app.rglob("templates/*/*.html")
        if (found := re.search(r"forms\.keep\([^)]*\)", path.read_text()))
    }
    assert keeps == {name: asks for name, (asks, _words) in KEPT_HERE.items()}
    page = seen_by(None).get("/cookies").text
    by_itself, by_choice = page.split("By itself")[1].split("Only if you tick the box there")
    for asks, words in KEPT_HERE.values():
        assert words in (by_choice if asks else by_itself)
    assert "At most one day" in page

    stores = re.compile(r"localStorage|sessionStorage|indexedDB|caches\.|document\.cookie|serviceWorker")
    scripts = {path.name for path in (app.parent / "assets").glob("*.js") if stores.search(path.read_text())}
    assert scripts == {"drafts.js", "out.js", "room.js", "room-store.js", "room-worker.js"}
    assert all(name in page for name in ("webelong-room", "wb-room-who", "wb-out"))
    assert "At most 12 hours after the session" in page
    drafts = (app.parent / "assets" / "drafts.js").read_text()
    assert "const PREFIX = 'wb-draft:'" in drafts
    assert "const DAY = 24 * 60 * 60 * 1000" in drafts
