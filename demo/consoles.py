"""Consoles on a running demo, in the scope of one audience: what it sees here is what its pages could read."""

from __future__ import annotations

import code
import os
from typing import Any

import psycopg

from demo.embedded.programs import postgres_programs
from infra.settings import Settings, load_settings
from tenants.scope import WEB_AUDIENCES, Audience, Scope
from tenants.session import ScopedSession

_SCHOOLS = (
    "select school_id, authority_id, name from school where name ilike %(like)s or school_id::text = %(word)s"
)
_AUTHORITIES = (
    "select authority_id, name from authority where name ilike %(like)s or authority_id::text = %(word)s"
)


class NotOne(ValueError):
    """The words fit none, or several; the message lists them."""


def find_scope(settings: Settings, audience: str, school: str, authority: str, person: str) -> Scope:
    """The scope of `audience` at the school or authority whose name holds these words. Raises NotOne."""
    if audience not in {one.value for one in WEB_AUDIENCES}:
        raise NotOne(f"ROLE is one of {', '.join(one.value for one in WEB_AUDIENCES)}.")
    school_id, authority_id = None, None
    with psycopg.connect(settings.secret("database_owner_url")) as connection:
        if school:
            school_id, authority_id, _name = _one(connection, _SCHOOLS, school, "school")
        elif authority:
            authority_id, _name = _one(connection, _AUTHORITIES, authority, "authority")
    return Scope(Audience(audience), authority_id, school_id, person or None)  # type: ignore[arg-type]


def open_sql(scope: Scope) -> None:
    """Become psql as the web's login with this scope set. It can take another role, as a statement in a page could."""
    settings = load_settings()
    told = scope.as_parameters()
    options = {"role": told["role"]} | {
        f"app.{name}": told[name] for name in ("authority", "school", "person")
    }
    environment = os.environ | {
        "PGOPTIONS": " ".join(f"-c {name}={value}" for name, value in options.items() if value)
    }
    program = str(postgres_programs() / "psql")
    os.execve(program, [program, settings.secret("database_url")], environment)  # noqa: S606


def open_shell(scope: Scope) -> None:
    """A Python console with the application, and `session` in this scope; nothing is committed by itself."""
    from app.extensions import db
    from app.factory import create_app

    app = create_app()
    with app.app_context():
        names: dict[str, Any] = {"app": app, "db": db}
        with ScopedSession(db.engine, scope=scope) as session:
            names["session"] = session
            code.interact(banner=f"We Belong, as {scope.audience.value}: app, db, session", local=names)


def _one(connection: psycopg.Connection[Any], query: str, word: str, what: str) -> tuple[Any, ...]:
    found = connection.execute(query, {"like": f"%{word}%", "word": word}).fetchall()
    if len(found) != 1:
        names = ", ".join(sorted(row[-1] for row in found)) or "none"
        raise NotOne(f"Say which {what}: {word!r} fits {names}.")
    return found[0]
