"""The application: parts in a fixed order, no logic."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import confirming, guarding
from app.extensions import babel, db, limiter, login_manager
from app.identity import gate, known_browsers
from app.identity.current import session
from app.identity.websession import RowSessionInterface
from app.kit import load_kits
from app.message_kinds import load as load_messages
from app.schools import stage_steps
from app.schools.support import support_for_this_person
from app.shell import (
    access,
    again,
    as_shown,
    components,
    compression,
    edge,
    errors,
    headers,
    kept,
    language,
    limits,
    refused,
    writing_on,
)
from app.shell.addresses import Site
from app.shell.context import install as install_context
from app.shell.form_tokens import csrf
from app.shell.templating import CompiledTemplates, KeepingEnvironment
from app.wiring import wire
from infra.database import look_before_use, options_of_pages, refuse_unsafe, sqlalchemy_url
from infra.logs import configure_logging
from infra.openid_client import clients_for
from infra.redis_client import impatient_options
from infra.settings import Settings, load_settings
from infra.storage import ObjectStorage


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Raises when a setting is wrong or the database would show too much."""
    wire()
    load_messages()
    settings = settings or load_settings()
    configure_logging()
    app = Site("app")
    app.jinja_environment = KeepingEnvironment
    app.config.update(
        # Whatever FLASK_DEBUG says: a debugger on a page would show everything.
        DEBUG=False,
        SECRET_KEY=settings.secret("secret_key"),
        SQLALCHEMY_DATABASE_URI=sqlalchemy_url(settings.secret("database_url")),
        SQLALCHEMY_ENGINE_OPTIONS=options_of_pages(),
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=11 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        RATELIMIT_STORAGE_URI=settings.secret("redis_url"),
        RATELIMIT_STORAGE_OPTIONS=impatient_options(),
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.extensions["settings"] = settings
    app.extensions["storage"] = ObjectStorage.from_settings(
        endpoint=settings.s3_endpoint,
        access_key=settings.secret("s3_access_key"),
        secret_key=settings.secret("s3_secret_key"),
        bucket=settings.s3_bucket,
        region=settings.s3_region,
    )
    app.extensions["openid"] = clients_for(settings.openid_providers)
    app.session_interface = RowSessionInterface()
    if settings.proxy_hops:
        hops = settings.proxy_hops
        # As Flask tells it; a method is put in the place of a method.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    db.init_app(app)
    # First, so that they see every request and every answer: also those of the CSRF check and the rate limits.
    headers.install(app)
    compression.install(app)
    edge.install(app)
    kept.install(app)
    known_browsers.install(app)
    csrf.init_app(app)
    babel.init_app(app)
    language.install(app)
    limiter.init_app(app)
    login_manager.session_protection = None
    login_manager.init_app(app)
    login_manager.request_loader(lambda _request: session.identity)
    app.jinja_env.bytecode_cache = CompiledTemplates()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader([PackageLoader(f"app.{package}") for package in access.PACKAGES])
    components.init_app(app)

    errors.install(app)
    refused.install(app)
    for package in access.PACKAGES:
        app.register_blueprint(import_module(f"app.{package}.routes").blueprint)
    kits = load_kits(is_demo=settings.is_demo)
    for kit in kits:
        app.register_blueprint(kit.blueprint)
    access.guard(
        app,
        also=[kit.ACCESS for kit in kits],
        ask_for_pin=guarding.ask_for_pin,
        ask_again=confirming.ask_first,
    )
    stage_steps.install(app)
    again.install(app)
    as_shown.install(app)
    writing_on.install(app)
    limits.install(app)
    install_context(app, support=support_for_this_person)

    with app.app_context():
        look_before_use(db.engine)
        refuse_unsafe(db.engine)
    gate.install(app, settings.secret("database_signin_url"))
    return app
