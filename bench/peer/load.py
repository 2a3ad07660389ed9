"""Fills the peer's database: `python -m bench.peer.load FOLDER TENANTS` prints a session's key and the page's path.

Migrations are written into FOLDER from the models; each school is made as django-tenants makes one.
"""

from __future__ import annotations

import sys
from datetime import time, timedelta
from pathlib import Path

import django
from django.core.management import call_command

WEEKS = 8


def main() -> None:
    """Tables, then the schools, each with the rows that one of ours has."""
    folder, tenants = Path(sys.argv[1]), int(sys.argv[2])
    for package in ("", "tenancy", "groups"):
        where = folder / "peer_migrations" / package
        where.mkdir(parents=True, exist_ok=True)
        (where / "__init__.py").touch()
    sys.path.insert(0, str(folder))
    django.setup()
    call_command("makemigrations", verbosity=0)
    call_command("migrate_schemas", shared=True, verbosity=0)

    from bench.peer.tenancy.models import Domain, School

    for number in range(1, tenants + 1):
        school = School(schema_name=f"school_{number}", name=f"School {number}")
        school.save(verbosity=0)
        Domain.objects.create(domain=f"school{number}.bench", tenant=school, is_primary=True)
        key, path = fill(school)
    print(f"school{tenants}.bench", key, path)


def fill(school: object) -> tuple[str, str]:
    """Three groups with ten parents, two who lead, eight sessions; and one of staff, signed in."""
    from django.contrib.auth.models import Permission, User
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone
    from django_tenants.utils import tenant_context

    from bench.peer.groups.models import Event, Facilitator, Group, Mark, Parent, Place, Session

    with tenant_context(school):
        now, today = timezone.now(), timezone.localdate()
        leaders = [Facilitator.objects.create(name=f"Facilitator {n}") for n in (1, 2)]
        for number in (1, 2, 3):
            group = Group.objects.create(name=f"Group {number}", state="running", room=f"Room {number}")
            group.leaders.set(leaders)
            sessions = Session.objects.bulk_create(
                Session(
                    group=group,
                    number=n,
                    on_date=today + timedelta(days=7 * n - 54),
                    starts_at=time(17, 45),
                    ends_at=time(19, 15),
                    room=group.room,
                    topic="ebsna",
                    state="closed" if n < WEEKS else "planned",
                )
                for n in range(1, WEEKS + 1)
            )
            parents = Parent.objects.bulk_create(
                Parent(
                    first_name="Parent", last_name=f"Number {n}", stage="in_group", share_attendance=True,
                    email=f"parent{n}@example.org",
                )
                for n in range(1, 11)
            )  # fmt: skip
            Place.objects.bulk_create(Place(group=group, parent=one, joined_at=now) for one in parents)
            Event.objects.bulk_create(Event(group=group, parent=one, at=now, what="place") for one in parents)
            Mark.objects.bulk_create(
                Mark(session=session, parent=one, mark="present")
                for session in sessions[:-1]
                for one in parents
            )
        lead = User.objects.create_user("lead@example.org", first_name="Lead")
        lead.user_permissions.add(Permission.objects.get(codename="read_group"))
        browser = SessionStore()
        browser["_auth_user_id"] = str(lead.pk)
        browser["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        browser["_auth_user_hash"] = lead.get_session_auth_hash()
        browser.create()
        return browser.session_key, f"/school/groups/{group.id}"


if __name__ == "__main__":
    main()
