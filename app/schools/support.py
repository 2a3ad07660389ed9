"""Whom somebody can call: support lines that the authority has confirmed, and the named contact at the school."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import Row, String, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.extensions import db
from app.identity.current import session
from app.shell.context import dial
from app.shell.kept import kept, phone
from tenants.pages import Part
from tenants.reading import read_once

_LINES = text(
    "select support_lines, privacy_url, dpo_contact from authority where authority_id = :authority_id"
)
_LINES_AND_CONTACT = text(
    "select a.support_lines, a.privacy_url, a.dpo_contact,"
    " s.contact_name, s.contact_role, s.contact_phone, s.contact_email"
    " from authority a left join school s on s.authority_id = a.authority_id and s.school_id = :school_id"
    " where a.authority_id = :authority_id"
).columns(
    column("support_lines", JSONB),
    *(
        column(name, String)
        for name in (
            "privacy_url",
            "dpo_contact",
            "contact_name",
            "contact_role",
            "contact_phone",
            "contact_email",
        )
    ),
)


def support_for_this_person() -> dict[str, Any]:
    """Support lines that the authority has confirmed, and the named contact at the school. Read once a request."""
    if "support" not in g:
        identity = session.identity
        g.support = {"lines": [], "contact": None, "privacy_url": "", "dpo_contact": ""}
        if identity and (council := read_lines(db.session, identity.authority_id, identity.school_id)):
            g.support["privacy_url"], g.support["dpo_contact"] = council.privacy_url, council.dpo_contact
            g.support["lines"] = [
                {
                    "name": f"{line['name']} {kept(line['number'])}",
                    "href": dial(line["number"]),
                    "note": line["note"],
                }
                for line in council.support_lines or []
            ]
            if identity.school_id and council.contact_name:
                g.support["contact"] = {
                    "name": kept(council.contact_name),
                    "role": council.contact_role,
                    "phone": phone(council.contact_phone),
                    "phone_href": dial(council.contact_phone),
                    "email": council.contact_email,
                }
    return g.support


@read_once
def read_lines(session: Session, authority_id: UUID, school_id: UUID | None) -> Row[Any] | None:
    """The council's lines and privacy page, and of a school the contact; a page may read it ahead."""
    # Not every audience has a right to schools; those who have none act for none.
    if school_id is None:
        return session.execute(_LINES, {"authority_id": authority_id}).first()
    values = {"authority_id": authority_id, "school_id": school_id}
    return session.execute(_LINES_AND_CONTACT, values).first()


#: What the homes of a school's people and parents read ahead.
LINES = Part(
    read_lines,
    _LINES_AND_CONTACT,
    takes=("authority_id", "school_id"),
    answer=lambda rows: rows[0] if rows else None,
)
