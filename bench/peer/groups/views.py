"""The page of a group, for its school's staff."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bench.peer.groups.models import Document, Event, Group, Mark, Message, Parent, Session, ShutDay

MARKS = {
    "present": "Here",
    "late": "Here, came late",
    "left_early": "Here, left early",
    "absent": "Away",
    "apology": "Sent apologies",
}


# Django's decorators come without types.
@login_required  # type: ignore[untyped-decorator]
@permission_required("groups.read_group", raise_exception=True)  # type: ignore[untyped-decorator]
def show_group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    group = get_object_or_404(Group, pk=group_id)
    sessions = list(group.sessions.order_by("number"))
    places = list(
        group.places_taken.filter(left_at=None)
        .select_related("parent")
        .order_by("parent__first_name", "parent__last_name")
    )
    certificates = dict(Document.objects.filter(group=group).values_list("parent_id", "id"))
    open_sessions = [one for one in sessions if one.state == "planned"]
    held = [one for one in sessions if one.state == "closed"]
    return render(
        request,
        "groups/show.html",
        {
            "group": group,
            "sessions": sessions,
            "open_sessions": open_sessions,
            "following": next((one for one in open_sessions if one.on_date >= timezone.localdate()), None),
            "conflicts": _conflicts(open_sessions),
            "places": places,
            "certificates": certificates,
            "leaders": list(group.leaders.order_by("name")),
            "to_tell": list(
                Message.objects.filter(session__group=group, state="none").select_related("parent")
            ),
            "held": held,
            "register": _register(group, places, held),
            "sharing": [place for place in places if place.parent.share_attendance],
            "waiting": list(Parent.objects.filter(stage="waiting").order_by("waiting_since")),
            "history": list(Event.objects.filter(group=group).select_related("parent").order_by("-at", "id")),
        },
    )


def _register(
    group: Group, places: list[Any], held: list[Session]
) -> list[tuple[str, list[tuple[date, str]]]]:
    """Rows of those who share; each mark with its day."""
    marks: dict[object, dict[object, str]] = defaultdict(dict)
    for session_id, parent_id, mark in Mark.objects.filter(session__group=group).values_list(
        "session_id", "parent_id", "mark"
    ):
        marks[parent_id][session_id] = mark
    return [
        (
            place.parent.name,
            [
                (
                    one.on_date,
                    _(MARKS[mark]) if (mark := marks[place.parent_id].get(one.id)) else _("No mark"),
                )
                for one in held
            ],
        )
        for place in places
        if place.parent.share_attendance
    ]


def _conflicts(open_sessions: list[Session]) -> list[tuple[Session, str]]:
    """Sessions that cannot be on their day: the school is shut, or the room is taken."""
    if not open_sessions:
        return []
    days = [one.on_date for one in open_sessions]
    shut = list(ShutDay.objects.filter(last_on__gte=min(days), first_on__lte=max(days)))
    taken = {
        (one.on_date, one.room): one
        for one in Session.objects.filter(
            ~Q(group=open_sessions[0].group_id), on_date__in=days, state="planned"
        ).select_related("group")
    }
    found = []
    for one in open_sessions:
        why = next((day.reason for day in shut if day.first_on <= one.on_date <= day.last_on), "")
        other = taken.get((one.on_date, one.room))
        if other:
            why = _("%(group)s has the room") % {"group": other.group.name}
        if why:
            found.append((one, why))
    return found
