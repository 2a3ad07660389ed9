"""What other packages may join of people who lead, and of whoever acts at a school: to read, never to change."""

from __future__ import annotations

from sqlalchemy import Subquery, select, union_all

from app.facilitators.models import Facilitator
from app.schools.published import STAFF

#: A row for each person who leads, led, or is on the way to it.
LEADERS: Subquery = select(Facilitator.school_id, Facilitator.id, Facilitator.name).subquery("leader_named")

#: Staff and people who lead: whoever is named in a trail. Parents are not.
ACTORS: Subquery = union_all(
    select(STAFF.c.school_id, STAFF.c.id, STAFF.c.name),
    select(Facilitator.school_id, Facilitator.id, Facilitator.name),
).subquery("actor")
