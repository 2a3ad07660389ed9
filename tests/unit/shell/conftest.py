"""A small application with the shell's pages and nothing behind them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import PackageLoader

from app.identity.roles import Role
from app.shell import assets, kept
from app.shell.routes import blueprint

PEOPLE = {
    "parent": SimpleNamespace(
        is_authenticated=True, name="Selin", role_label="Parent", role=Role.PARENT, has_other_roles=True
    ),
    "school": SimpleNamespace(
        is_authenticated=True,
        name="Carol Hughes",
        role_label="SENCO",
        role=Role.SENCO,
        has_other_roles=False,
    ),
}


@pytest.fixture(scope="session")
def drawn_once() -> Flask:
    """Kept for all tests, so that each template is compiled once."""
    app = Flask("app.shell", static_url_path="/static")
    app.config.update(SECRET_KEY="only for tests", TESTING=True, person=None, context={})
    Babel(app)
    CSRFProtect(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = PackageLoader("app.shell")
    assets.init_app(app)
    kept.install(app)
    app.register_blueprint(blueprint)
    accounts = Blueprint("accounts", "accounts_for_tests")
    accounts.add_url_rule("/sign-in", "sign_in", lambda: "")
    accounts.add_url_rule("/new-link", "new_link", lambda: "")
    app.register_blueprint(accounts)
    privacy = Blueprint("privacy", "privacy_for_tests")
    privacy.add_url_rule("/my/data", "my_data", lambda: "")
    app.register_blueprint(privacy)

    @app.context_processor
    def page():
        return {
            "current_user": app.config["person"] or SimpleNamespace(is_authenticated=False),
            "tenant_name": None,
            "nav": [],
            "home_url": "/",
            "theme_url": None,
            "languages": [],
            "support": {"lines": [], "contact": None},
            **app.config["context"],
        }

    return app


@pytest.fixture
def shell_app(drawn_once) -> Flask:
    """The application with nobody signed in."""
    drawn_once.config.update(person=None, context={})
    return drawn_once


@pytest.fixture
def seen_by(shell_app):
    """`seen_by("parent").get(path)`: a browser with somebody signed in, or nobody."""

    def client(person: str | None = None, **context):
        shell_app.config.update(person=person and PEOPLE[person], context=context)
        return shell_app.test_client()

    return client


@pytest.fixture
def draw(shell_app):
    """`draw(template_text, **context)`: drawn as a package's template would be."""
    with shell_app.test_request_context():
        yield lambda source, **context: shell_app.jinja_env.from_string(source).render(**context)
