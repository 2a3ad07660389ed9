"""A parent's whole way in, in a browser that runs no scripts: an old phone, or a careful one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Demo
from tests.e2e.story_people import Cast
from tests.e2e.story_steps import QUESTIONS, answers, joins

EMAIL = "mabel.stone@example.org"


@pytest.fixture
def cast(browser: Browser, demo: Demo) -> Iterator[Cast]:
    everybody = Cast(browser, demo)
    yield everybody
    everybody.close()


def test_a_parent_joins_and_answers_without_javascript(cast: Cast, demo: Demo) -> None:
    staff = cast.person(demo.account("senco", school="Coppice Lane Primary School"), javascript=False)
    staff.go_to("Parents").press("Add a parent or carer")
    staff.fill(first_name="Mabel", last_name="Stone", email=EMAIL).press("Add", exact=True)
    staff.press("Send an invitation").press("Send it").sees("on its way")
    parent = cast.parent(javascript=False)
    parent.opens_link_from(EMAIL, "invitation").press("Yes, I am")
    joins(parent, known_as="May")
    answers(parent, "before", [3, None, *[5] * (QUESTIONS - 2)])
    parent.sees("Thank you").go_to("Home").sees("Hello May")
    parent.go_to("Choices").choose(text="no").press("Save my choices").sees("Saved")
    parent.open("/my").press("Sign out")
    staff.page.reload()
    staff.sees("Mabel Stone", "Emails: yes", "Texts: no").does_not_see("3 of 10")
