"""What a bell asks for. Jobs take nothing and hold nothing: what there is to do stands in PostgreSQL.

They run in a child of the worker. Engines are made in the child, never before it is forked.
"""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec

from infra.database import make_engine
from infra.notify import Notify
from infra.queue import Bell, answer, ring
from infra.settings import Settings, load_settings
from workers import lists
from workers.deliveries import check_deliveries, take_in_said
from workers.dispatch import Dispatcher

#: Seconds after which a job begins no new batch: a worker that is told to stop waits for its job.
DRAIN = 20


def drain_messages() -> int:
    """Send what is due, then see what became of what was sent; how many messages were settled."""
    settings = load_settings()
    redis_url = settings.secret("redis_url")
    answer(redis_url, Bell.MESSAGES)
    dispatcher = make_dispatcher(settings)
    started = time.monotonic()
    try:
        settled = dispatcher.drain(seconds=DRAIN)
        take_in_said(dispatcher)
        check_deliveries(dispatcher)
    finally:
        dispatcher.engine.dispose()
    if time.monotonic() - started >= DRAIN:
        ring(redis_url, Bell.MESSAGES)
    return settled


def drain_documents() -> int:
    """Read the lists that wait, for which somebody looks at a page, then make and check documents."""
    return lists.drain(load_settings()) + _drain(Bell.DOCUMENTS)


def drain_rollup() -> int:
    """Add up the groups that changed: `workers.rollup.drain(settings)`."""
    return _drain(Bell.ROLLUP)


def make_dispatcher(settings: Settings) -> Dispatcher:
    """The messages worker of these settings. Raises SettingsError when one is missing."""
    return Dispatcher(
        engine=make_engine(settings.secret("database_dispatch_url")),
        notify=make_notify(settings),
        base_url=settings.base_url,
        secret_key=settings.secret("secret_key"),
        is_told=bool(settings.callback_tokens),
    )


def make_notify(settings: Settings) -> Notify:
    """The message channel of these settings."""
    return Notify(
        base_url=settings.notify_base_url,
        api_key=settings.secret("notify_api_key"),
        email_template_id=settings.notify_email_template_id,
        sms_template_id=settings.notify_sms_template_id,
    )


def _drain(bell: Bell) -> int:
    settings = load_settings()
    answer(settings.secret("redis_url"), bell)
    module = f"workers.{bell.value}"
    if find_spec(module) is None:
        return 0
    return int(import_module(module).drain(settings) or 0)
