"""A school's open sign-up page, two who asked there, and one from their own account; all wait for an answer."""

from __future__ import annotations

from datetime import timedelta

from demo.borough import Borough, Place
from demo.keys import made_id, membership_id
from demo.parents import parent_id_of
from demo.plan import School
from demo.schools import school_id_of


def add_sign_up_page(borough: Borough, place: Place, school: School) -> None:
    """Open since three weeks; one asked by phone yesterday, one by email five days ago."""
    link_id = made_id("signup_link", school.urn)
    borough.add(
        "signup_link",
        school_id=place.school_id,
        id=link_id,
        kind="page",
        open_until=borough.today + timedelta(days=69),
        made_at=borough.ago(21),
        made_by_name=place.lead_name,
        used=2,
    )
    for days, name, by_phone in ((5, "Sevgi Aksoy", False), (1, "Orla Kemp", True)):
        person = borough.people.meet(name=name, has_email=not by_phone, has_phone=by_phone)
        borough.add(
            "signup",
            school_id=place.school_id,
            id=made_id("signup", link_id, days),
            link_id=link_id,
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            phone=person.phone,
            language="en" if by_phone else "tr",
            said_at=borough.ago(days, 20),
        )


def add_mover(borough: Borough, before: School, now: School) -> None:
    """Somebody who left a group at one school two days ago, as their child goes to the other now."""
    parent_id, school_id = parent_id_of(before.urn, "left", 1), school_id_of(now.urn)
    contact = next(row for row in borough.rows["parent_contact"] if row["parent_id"] == parent_id)
    signup_id, asked_at = made_id("signup", parent_id), borough.ago(2, 19)
    copied = {name: contact[name] for name in ("first_name", "last_name", "email", "phone", "language")}
    borough.add("signup", school_id=school_id, id=signup_id, said_at=asked_at, **copied)
    borough.moves.append(
        {
            "school": school_id,
            "signup": signup_id,
            "membership": membership_id("parent", parent_id),
            "at": asked_at,
        }
    )
