"""`make dev` shows what a request asked and drew, and hands defects to the debugger."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from app.factory import create_app
from app.identity.gate import close_doors
from demo import dev
from demo.accounts import list_accounts


@pytest.fixture(scope="module")
def site(written, demo_settings):
    """The development server's application on the loaded borough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dev, "create_app", lambda: create_app(demo_settings))
        app, panel = dev.make_dev_app()
    yield app, panel
    with app.app_context():
        close_doors()
    app.extensions["storage"].close()


def test_the_panel_lists_each_request_with_its_statements_and_templates(site, demo_settings):
    _app, panel = site
    client = Client(panel)
    lead = next(one for one in list_accounts(demo_settings) if one["role"] == "school_lead")
    client.get(lead["sign_in_url"].removeprefix(demo_settings.base_url))
    assert client.get("/school").status_code == 200

    page = client.get(dev.PANEL).get_data(as_text=True)
    assert "200 GET /school:" in page
    assert "homes/school.html" in page
    assert "set_config(" in page


def test_a_defect_reaches_the_debugger(site):
    app, panel = site
    view = app.view_functions["shell.landing"]
    app.view_functions["shell.landing"] = lambda: 1 / 0
    try:
        with pytest.raises(ZeroDivisionError):
            Client(panel).get("/")
    finally:
        app.view_functions["shell.landing"] = view
