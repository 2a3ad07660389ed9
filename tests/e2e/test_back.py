"""*Back* in a real browser, after a form with a mistake: the page with what was typed, never the browser's own."""

from __future__ import annotations

from tests.e2e.conftest import PHONE


def test_mistakes_survive_back(demo, open_browser):
    page = open_browser(demo.account("school_lead"), viewport=PHONE)
    page.goto("/school/parents/add")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Email address").fill("not an address")
    page.get_by_role("button", name="Add", exact=True).click()
    assert page.locator(".govuk-error-summary").is_visible()
    assert "Noor" not in page.url
    page.get_by_role("link", name="Groups").click()
    page.go_back()
    assert page.locator(".govuk-error-summary").is_visible()
    assert page.get_by_label("First name").input_value() == "Noor"
    assert page.get_by_label("Email address").input_value() == "not an address"
    page.reload()
    assert page.locator(".govuk-error-summary").is_visible()
