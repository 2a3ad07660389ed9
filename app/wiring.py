"""Hands each package what it needs of those above it.

`create_app` calls it. Workers and commands make no application and ask for nothing that is handed in; one that did
would fail by name (`HandedIn`), and has to call this first.
"""

from __future__ import annotations

from app.accounts import login
from app.cohorts import led, outside, places, who_came
from app.contact_log import log
from app.documents import apart
from app.facilitators import groups_led, published
from app.measures import queries as measures
from app.meetings import attendance, concern_readers
from app.merging import instead, records
from app.presenters import concerned
from app.recruitment import places as asked_by_recruitment
from app.safeguarding import keeping, readers
from app.schools import arrivals, contacts, group_dates, named_concerns
from app.shell import errors


def wire() -> None:
    """Fill every `HandedIn` of the product. Twice is the same as once."""
    asked_by_recruitment.places.fill(places)
    asked_by_recruitment.answers.fill(measures)
    asked_by_recruitment.merges.fill(records)
    asked_by_recruitment.actors.fill(published.ACTORS)
    groups_led.groups.fill(led)
    group_dates.groups.fill(led)
    login.people.fill(arrivals)
    named_concerns.named_concerns.fill(keeping)
    contacts.contacts.fill(log)
    who_came.who_came.fill(attendance)
    outside.outside.fill(concerned)
    errors.instead.fill(instead)
    concern_readers.concern_readers.fill(readers)
    apart.load_ahead("app.parent_import.sheets")
