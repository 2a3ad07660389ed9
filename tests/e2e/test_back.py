"""*Back* in a real browser, after a form with a mistake: the page with what was typed, never the browser's own."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE


def test_mistakes_survive_back(demo, open_browser):
    page = open_browser(demo.account("school_lead"), viewport=PHONE)
    page.goto("/school/parents/add")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Email address").fill("not an address")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert "Noor" not in page.url
    page.get_by_role("link", name="Groups").click()
    page.wait_for_url("**/groups")
    page.go_back()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Noor")
    expect(page.get_by_label("Email address")).to_have_value("not an address")
    page.reload()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
