"""People of the story: each in a browser of their own, doing only what the pages offer."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, ViewportSize

from infra.clock import LONDON
from tests.e2e.checks import check_page
from tests.e2e.conftest import DESKTOP, PHONE, Demo
from tests.support.browser import PATIENCE

PASSWORD = "otter lantern Tuesday"
SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
LINK = re.compile(r"https?://\S+/(?:l|presenting)/[A-Za-z0-9_-]+")


def is_problem(message: ConsoleMessage) -> bool:
    """Whether the console says that something is wrong; a network that the story itself has cut is not."""
    return message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text


class Person:
    """Somebody with a browser. Every step waits for its page and fails with the page's address."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.demo = page, demo

    # ---- doing

    def open(self, address: str) -> Person:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status < 400, f"{address} answered {answer.status}"
        return self

    @contextmanager
    def _to_next_page(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield
        assert self.page.locator("h1").count(), f"{self.page.url} has no heading"

    def press(self, words: str, *, within: Locator | None = None, exact: bool = False) -> Person:
        """A button, or a link that looks like one."""
        with self._to_next_page():
            (within or self.page).get_by_role("button", name=words, exact=exact).first.click()
        return self

    def follow(self, words: str, *, within: Locator | None = None) -> Person:
        """A link."""
        with self._to_next_page():
            (within or self.page.locator("body")).get_by_role("link", name=words).first.click()
        return self

    def go_to(self, place: str) -> Person:
        """An entry of the navigation, as a wide screen shows it."""
        with self._to_next_page():
            self.page.locator("header nav, nav").get_by_role("link", name=place, exact=True).first.click()
        return self

    def fill(self, **fields: str) -> Person:
        """Boxes by the names of their fields: what people see is checked by axe, names do not move with words."""
        for name, value in fields.items():
            self.page.locator(f"[name='{name}']").fill(value)
        return self

    def fill_date(self, name: str, day: Any) -> Person:
        boxes = self.page.locator(f"input[name='{name}']")
        for box, value in zip(boxes.all(), (day.day, day.month, day.year), strict=True):
            box.fill(str(value))
        return self

    def choose(self, **choices: str) -> Person:
        """Radios and boxes to tick, by field and value."""
        for name, value in choices.items():
            self.page.locator(f"input[name='{name}'][value='{value}']").check()
        return self

    # ---- seeing

    def sees(self, *words: str) -> Person:
        text = self._text()
        missing = [some for some in words if some not in text]
        assert not missing, f"{self.page.url} does not say {missing}; it says: {text[:1500]}"
        return self

    def does_not_see(self, *words: str) -> Person:
        text = self._text()
        assert not [some for some in words if some in text], (
            f"{self.page.url} says one of {words}: {text[:1500]}"
        )
        return self

    def _text(self) -> str:
        return " ".join((self.page.locator("main").text_content() or "").split())

    def waits_for(self, words: str, *, seconds: int = 40) -> Person:
        """Loads the page again until it says so: what workers do takes a moment."""
        for _ in range(seconds * 5):
            if words in self._text():
                return self
            self.page.wait_for_timeout(200)
            self.page.reload()
        raise AssertionError(f"{self.page.url} never said {words!r}")

    def waits_for_picture(self, words: str, *, seconds: int = 40) -> Person:
        """The picture that these words stand for, once it is really there."""
        picture = self.page.get_by_alt_text(words)
        for _ in range(seconds * 5):
            if picture.count():
                picture.first.scroll_into_view_if_needed()
                self.page.wait_for_function(
                    "(one) => one.complete && one.naturalWidth > 0", arg=picture.first.element_handle()
                )
                return self
            self.page.wait_for_timeout(200)
            self.page.reload()
        raise AssertionError(f"{self.page.url} never showed {words!r}")

    def attaches(self, file: bytes, name: str = "agreement.pdf", kind: str = "application/pdf") -> Person:
        """Chooses a file in the form's one field for files."""
        self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": kind, "buffer": file}
        )
        return self

    def check(self) -> Person:
        check_page(self.page)
        return self

    def take_picture(self, name: str) -> Person:
        """A picture for the README, when somebody wants new ones."""
        if os.environ.get("WEBELONG_SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")
        return self

    # ---- ways in

    def opens_link_from(self, address: str, contains: str) -> Person:
        """The link of the newest message to `address` that says `contains`."""
        message = self.demo.wait_for_message(address, contains)
        found = LINK.search(message["body"])
        assert found, f"no link in {message['body']!r}"
        return self.open(found.group())

    def sets_up_account(self, address: str) -> Person:
        """From a colleague's invitation: password, authenticator app, recovery codes."""
        self.opens_link_from(address, "invited as").sees("Are you", "This is not me").press("Yes, I am")
        self.fill(password=PASSWORD).press("Accept and continue")
        if self.page.get_by_text("I cannot scan it").count():
            self.page.get_by_text("I cannot scan it").click()
        secret = self.page.locator("strong.wb-wrap-anywhere").inner_text()
        self.fill(code=pyotp.TOTP(secret.replace(" ", "")).now()).press("Continue")
        self.sees("Keep your recovery codes")
        assert self.page.locator("ul.wb-facts li").count() == 10
        return self.press("I have kept them")

    def downloads(self, words: str) -> bytes:
        """The file behind a link."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=words, exact=True).first.click()
        path = waiting.value.path()
        return Path(path).read_bytes()


class Cast:
    """Browsers for everybody of one story; closed when it is over."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self.browser, self.demo = browser, demo
        self._contexts: list[BrowserContext] = []

    def person(
        self,
        account: dict[str, Any] | None = None,
        *,
        viewport: ViewportSize = DESKTOP,
        javascript: bool = True,
    ) -> Person:
        context = self.browser.new_context(
            viewport=viewport,
            base_url=self.demo.base_url,
            locale="en-GB",
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
        page.problems = problems  # type: ignore[attr-defined]
        person = Person(page, self.demo)
        if account:
            person.open(account["sign_in_url"])
        return person

    def parent(self, account: dict[str, Any] | None = None, *, javascript: bool = True) -> Person:
        """Somebody with a phone."""
        return self.person(account, viewport=PHONE, javascript=javascript)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def texts_wait_for_morning() -> bool:
    """From 8pm to 8am no text rings; it is sent in the morning."""
    return not 8 <= datetime.now(LONDON).hour < 20


@dataclass(frozen=True)
class NewParent:
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Place:
    """The school of the first chapter. Everything about it is invented."""

    urn: int = 990801
    name: str = "St Zoë’s Primary School"
    postcode: str = "E8 9ZZ"
    domain: str = "zoe.example.org"
    phone_end: int = 2
    lead: str = "Moira Castle"
    dsl: str = "Ivo Baptiste"
    office: str = "Olive Grant"
    parents: tuple[NewParent, ...] = field(init=False)
    says_no: NewParent = field(init=False)

    def __post_init__(self) -> None:
        people = (
            "Aisha Bell",
            "Bram Coe",
            "Carys Dunn",
            "Dele Eze",
            "Esra Fox",
            "Femi Gray",
            "Gita Hale",
            "Hana Irwin",
        )
        names = ((*name.split(), self.email(name)) for name in people)
        written = tuple(NewParent(first, last, email=email) for first, last, email in names)
        by_phone = NewParent("Ines", "Jarvis", phone=f"07700 900{self.phone_end:03}")
        object.__setattr__(self, "parents", (*written, by_phone))
        object.__setattr__(self, "says_no", NewParent("Kit", "Lowe", email=self.email("Kit Lowe")))

    def email(self, name: str) -> str:
        return f"{name.lower().replace(' ', '.')}@{self.domain}"
