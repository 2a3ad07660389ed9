"""Where a document's readers came from: the page of whom or what it is about."""

from __future__ import annotations

from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from app.documents.models import OF_A_PARENT, StoredDocument
from app.identity.roles import SCHOOL_STAFF, Role
from app.shell.navigation import home_of


class WayBack(NamedTuple):
    """A link: its address and its words."""

    address: str
    text: str


def back_to(document: StoredDocument, role: Role) -> WayBack:
    """The page to go on to from a document, for a reader in `role`; their home where there is none nearer."""
    if role in SCHOOL_STAFF:
        if document.kind in OF_A_PARENT and document.parent_id:
            page = url_for("recruitment.show_parent", parent_id=document.parent_id)
            return WayBack(page, _("Back to the parent or carer"))
        if document.cohort_id:
            return WayBack(url_for("cohorts.show", cohort_id=document.cohort_id), _("Back to the group"))
        return WayBack(url_for("schools.tasks"), _("Back to the set-up"))
    if role is Role.AUTHORITY_ADMIN:
        return WayBack(url_for("schools.show", school_id=document.school_id), _("Back to the school"))
    return WayBack(home_of(role), _("Back to your page"))
