"""What results need of councils and schools, in the scope of the roll-up or of the authority itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, String, Uuid, column, text
from sqlalchemy.orm import Session, scoped_session

from tenants.pages import Part
from tenants.reading import read_once

AnySession = Session | scoped_session[Any]

_NAME = text("select name from authority where authority_id = :authority_id")
_FIND = text(
    "select authority_id, name from authority where lower(name) = lower(:given) or lower(short_name) = lower(:given)"
    " or slug = lower(:given) or la_code = :given or authority_id::text = lower(:given)"
)
_CONTROLLERS = text(
    "select school_id, controller_code, coalesce(phase, '') as phase from school where authority_id = :authority_id"
)
_STAGES = text("select school_id, stage from school where authority_id = :authority_id").columns(
    column("school_id", Uuid), column("stage", String)
)
_OWNERS = text(
    "select school_id, authority_id from school where school_id = any (:school_ids) order by authority_id, school_id"
)
_TERMS = text(
    "select name, starts_on, ends_on from authority_term where authority_id = :authority_id"
).columns(column("name", String), column("starts_on", Date), column("ends_on", Date))


def name_of_authority(session: AnySession, authority_id: UUID) -> str:
    """The authority's full name."""
    return str(session.execute(_NAME, {"authority_id": authority_id}).scalar_one())


def find_authorities(session: AnySession, given: str) -> list[Row[Any]]:
    """(authority_id, name) of those called so: by name, short name, slug, LA code or id."""
    return list(session.execute(_FIND, {"given": given}))


def list_controllers(session: AnySession, authority_id: UUID) -> dict[UUID, Row[Any]]:
    """School -> (controller_code, phase): who runs it, for the counting of places that answer together."""
    return {row.school_id: row for row in session.execute(_CONTROLLERS, {"authority_id": authority_id})}


@read_once
def stages_of(session: AnySession, authority_id: UUID) -> dict[UUID, str]:
    """School -> how far it is, of all that the authority has."""
    return _as_stages(session.execute(_STAGES, {"authority_id": authority_id}).all())


def _as_stages(rows: Sequence[Any]) -> dict[UUID, str]:
    return {row.school_id: row.stage for row in rows}


def list_owners(session: AnySession, school_ids: list[UUID]) -> list[Row[Any]]:
    """(school_id, authority_id) of these schools, an authority's together."""
    return list(session.execute(_OWNERS, {"school_ids": school_ids}))


@read_once
def list_term_days(session: AnySession, authority_id: UUID) -> list[tuple[str, date, date]]:
    """(name, first day, last day) of the terms that the authority entered."""
    return _as_days(session.execute(_TERMS, {"authority_id": authority_id}).all())


def _as_days(rows: Sequence[Any]) -> list[tuple[str, date, date]]:
    return [(row.name, row.starts_on, row.ends_on) for row in rows]


#: What the home of a council reads ahead.
PARTS = (
    Part(stages_of, _STAGES, takes=("authority_id",), answer=_as_stages),
    Part(list_term_days, _TERMS, takes=("authority_id",), answer=_as_days),
)
