"""Whom somebody can call: support lines that the authority has confirmed, and the named contact at the school."""

from __future__ import annotations

from typing import Any

from flask import g, session
from sqlalchemy import text

from app.extensions import db
from app.shell.context import dial
from app.shell.kept import kept, phone

_LINES = text(
    "select support_lines, privacy_url, dpo_contact from authority where authority_id = :authority_id"
)
_CONTACT = text(
    "select contact_name, contact_role, contact_phone, contact_email from school where school_id = :school_id"
)


def support_for_this_person() -> dict[str, Any]:
    """Support lines that the authority has confirmed, and the named contact at the school. Read once a request."""
    if "support" not in g:
        identity = session.identity
        g.support = {"lines": [], "contact": None, "privacy_url": "", "dpo_contact": ""}
        if identity and (
            council := db.session.execute(_LINES, {"authority_id": identity.authority_id}).first()
        ):
            g.support["privacy_url"], g.support["dpo_contact"] = council.privacy_url, council.dpo_contact
            g.support["lines"] = [
                {
                    "name": f"{line['name']} {kept(line['number'])}",
                    "href": dial(line["number"]),
                    "note": line["note"],
                }
                for line in council.support_lines or []
            ]
        # Not every audience has a right to schools; those who have none act for none.
        if identity and identity.school_id:
            row = db.session.execute(_CONTACT, {"school_id": identity.school_id}).first()
            if row and row.contact_name:
                g.support["contact"] = {
                    "name": kept(row.contact_name),
                    "role": row.contact_role,
                    "phone": phone(row.contact_phone),
                    "phone_href": dial(row.contact_phone),
                    "email": row.contact_email,
                }
    return g.support
