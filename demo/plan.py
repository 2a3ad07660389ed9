"""What the demo borough is made of: two authorities, their schools, the groups in them. All invented.

Prospects alone are real schools of the register, with nobody in them. Invented schools have URNs from 990001.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Group:
    """One group. `when` is a term that is over (`last`, `before_last`, `third_last`) or how it stands now.

    `running` has `held` sessions behind it and the next in `next_in` days; `next_term` has dates, `forming`
    has none. `size` parents started, `leaders` are facilitators by their keys.
    """

    slug: str
    name: str
    when: str
    size: int
    leaders: tuple[str, ...]
    weekday: int = 1
    starts_at: time = time(18)
    held: int = 0
    next_in: int = 0

    @property
    def is_over(self) -> bool:
        return self.when in ("last", "before_last", "third_last")


@dataclass(frozen=True, slots=True)
class Lead:
    """One facilitator or applicant. `graduate_of` is a group and a number in it; without, a professional."""

    key: str
    stage: str
    graduate_of: tuple[str, int] | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """One invented school, where it stands on the way in, and what runs there."""

    urn: int
    name: str
    short_name: str
    phase: str
    stage: str
    waiting_days: int
    room: str = ""
    trust: tuple[str, str] | None = None
    note: str = ""
    waiting: int = 3
    languages: str = "en en en tr pl so bn"
    staff: tuple[tuple[str, str], ...] = ()
    #: Their name, where the school’s head reads it in numbers.
    head: str = ""
    #: Their name, where somebody in the office hands out letters.
    office: str = ""
    groups: tuple[Group, ...] = ()
    leads: tuple[Lead, ...] = ()

    @property
    def controller(self) -> tuple[str, str]:
        """Who decides about data: the trust, else the school alone."""
        return self.trust or (f"LA-{self.urn}", self.name)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody at an authority. Their telephone number is theirs alone."""

    role: str
    name: str
    job_title: str
    number: int

    @property
    def email(self) -> str:
        return self.name.lower().replace(" ", ".") + "@example.org"

    @property
    def phone(self) -> str:
        return f"+447700900{self.number}"


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority. `prospects` are real schools of the register that nobody has written to."""

    name: str
    short_name: str
    slug: str
    la_code: str
    brand_colour: str
    officers: tuple[Officer, ...]
    schools: tuple[School, ...]
    prospects: tuple[int, ...] = ()


LANTERN = ("T99001", "Lantern Row Learning Trust")
MEADOW = ("T99002", "Marsh and Meadow Academies")
HARBOUR = ("T99003", "Harbourlight Trust")

LARKFIELD = School(
    990001, "Larkfield School", "Larkfield School", "Secondary", "active", 60,
    room="The library, Elm Road gate", waiting=5,
    staff=(("school_lead", "Carol Hughes"), ("school_dsl", "Jo Pembury")), head="Helen Marsden",
    office="Sandra Okoye",
    groups=(
        Group("third", "First group", "third_last", 9, ("a", "b")),
        Group("second", "Second group", "before_last", 9, ("a", "amara"), weekday=2),
        Group("last", "Third group", "last", 10, ("a", "amara"), weekday=3),
        Group("now", "Library group", "running", 10, ("a", "amara", "g2"), held=3, next_in=0),
    ),
    leads=(
        Lead("a", "leading", name="Ruth Adeyemi"),
        Lead("b", "resting"),
        Lead("amara", "leading", ("third", 1), name="Amara Obi"),
        Lead("g2", "leading", ("second", 2)),
        Lead("g3", "ready", ("second", 3)),
        Lead("g4", "checks", ("last", 2), name="Denise Whitlock"),
        Lead("g5", "applied", ("last", 4)),
    ),
)  # fmt: skip
PENNANT = School(
    990002, "Pennant Primary School", "Pennant Primary", "Primary", "active", 48,
    room="The community room", trust=LANTERN, languages="en en tr tr bn pl", waiting=4,
    staff=(("school_dsl", "Mara Fenwick"),), head="Winston Hale", office="Derek Lowe",
    groups=(
        Group("second", "First group", "before_last", 9, ("a", "b"), starts_at=time(9, 15)),
        Group("last", "Second group", "last", 9, ("a", "g1"), weekday=2, starts_at=time(9, 15)),
        Group("now", "Morning group", "running", 8, ("a", "g1"), starts_at=time(9, 15), held=1, next_in=1),
    ),
    leads=(
        Lead("a", "leading"),
        Lead("b", "resting"),
        Lead("g1", "leading", ("second", 1)),
        Lead("g2", "training", ("second", 4)),
        Lead("g3", "shortlisted", ("last", 2)),
    ),
)  # fmt: skip
HIGHMOOR = School(
    990003, "Highmoor School", "Highmoor School", "Secondary", "active", 45,
    room="Room 14", trust=LANTERN, languages="en en so so bn", waiting=3,
    staff=(("school_dsl", "Mara Fenwick"),),
    groups=(
        Group("second", "First group", "before_last", 9, ("a", "b"), weekday=3),
        Group("last", "Second group", "last", 10, ("a", "b")),
        Group("late", "Evening group", "last", 9, ("a", "g1"), weekday=2, starts_at=time(18, 30)),
        Group("now", "New group", "next_term", 8, ("a", "g1"), weekday=2),
    ),
    leads=(
        Lead("a", "leading"),
        Lead("b", "leading"),
        Lead("g1", "ready", ("second", 2)),
        Lead("g2", "ready", ("second", 5)),
        Lead("g3", "applied", ("last", 3)),
        Lead("g4", "not_now", ("late", 4)),
    ),
)  # fmt: skip
QUAYSIDE = School(
    990004, "Quayside Academy", "Quayside Academy", "Secondary", "active", 70,
    room="The boathouse", trust=MEADOW, languages="en en en pl pl tr", waiting=4,
    groups=(
        Group("third", "First group", "third_last", 9, ("a", "b"), weekday=2),
        Group("second", "Second group", "before_last", 10, ("a", "g1"), weekday=3),
        Group("last", "Third group", "last", 9, ("g1", "g2"), weekday=2),
        Group("late", "Fourth group", "last", 10, ("a", "g2"), weekday=3, starts_at=time(17, 30)),
        Group("now", "Boathouse group", "running", 9, ("g1", "g2"), held=5, next_in=4),
    ),
    leads=(
        Lead("a", "resting"),
        Lead("b", "resting"),
        Lead("g1", "leading", ("third", 2)),
        Lead("g2", "leading", ("second", 1)),
        Lead("g3", "references", ("last", 2)),
        Lead("g4", "withdrawn", ("late", 5)),
    ),
)  # fmt: skip
COPPICE = School(
    990005, "Coppice Lane Primary School", "Coppice Lane Primary", "Primary", "active", 40,
    room="The green hut", languages="en en bn tr pl", waiting=6,
    groups=(
        Group("second", "First group", "before_last", 9, ("a", "b"), starts_at=time(17, 30)),
        Group("last", "Second group", "last", 9, ("a", "b"), weekday=3, starts_at=time(17, 30)),
        Group("now", "Third group", "forming", 4, ()),
    ),
    leads=(
        Lead("a", "ready"),
        Lead("b", "resting"),
        Lead("g1", "training", ("second", 2)),
        Lead("g2", "applied", ("last", 2)),
    ),
)  # fmt: skip
FAIRHOLT = School(
    990006, "Fairholt School", "Fairholt School", "All-through", "active", 41,
    room="The garden room", trust=HARBOUR, languages="en so so tr", waiting=3,
    groups=(
        Group("second", "First group", "before_last", 9, ("a", "b"), weekday=2),
        Group("last", "Second group", "last", 9, ("a", "b"), weekday=2),
        Group("now", "Garden group", "running", 9, ("a", "g1"), weekday=3, held=7, next_in=3),
    ),
    leads=(
        Lead("a", "leading"),
        Lead("b", "resting"),
        Lead("g1", "leading", ("second", 3)),
        Lead("g2", "checks", ("last", 3)),
        Lead("g3", "references", ("last", 5)),
    ),
)  # fmt: skip
ASHGROVE = School(
    990007, "Ashgrove Academy", "Ashgrove Academy", "Secondary", "paused", 38,
    room="The drama studio", trust=MEADOW, note="New head from next term. We speak again then.", waiting=2,
    groups=(
        Group("third", "First group", "third_last", 8, ("a", "b")),
        Group("second", "Second group", "before_last", 9, ("a", "b")),
    ),
    leads=(Lead("a", "resting"), Lead("b", "resting"), Lead("g1", "ready", ("second", 2))),
)  # fmt: skip
HOLLYBUSH = School(
    990008, "Hollybush Infant School", "Hollybush Infant", "Primary", "left", 120,
    room="The hall", note="The school has joined with its junior school and starts again there.", waiting=0,
    groups=(Group("third", "First group", "third_last", 8, ("a", "b")),),
    leads=(Lead("a", "resting"), Lead("b", "resting")),
)  # fmt: skip
ON_THE_WAY = (
    School(990009, "Bellwether Primary School", "Bellwether Primary", "Primary", "set_up", 5,
           room="The nurture room", note="All five tasks are done. Waiting to be activated."),
    School(990010, "Northfold School", "Northfold School", "Secondary", "agreement_signed", 30, trust=HARBOUR,
           note="No evening room yet. The library on Dock Street has offered one."),
    School(990011, "Saltmarsh Primary School", "Saltmarsh Primary", "Primary", "agreement_signed", 41,
           note="Signed. The lead has changed; the head asked for a call."),
    School(990012, "Thistledown Primary School", "Thistledown Primary", "Primary", "brief_sent", 6,
           trust=LANTERN, note="The SENCO liked the brief. A call is booked."),
    School(990013, "Sandpiper Academy", "Sandpiper Academy", "Secondary", "brief_sent", 33, trust=MEADOW,
           note="The head wants to read it with the governors."),
    School(990014, "Beacon Row Junior School", "Beacon Row Junior", "Primary", "invited", 34,
           note="Invitation not opened. The address on the register may be old."),
    School(990015, "Windrow High School", "Windrow High", "Secondary", "invited", 4),
)  # fmt: skip

EASTMERE = Authority(
    "Eastmere Council", "Eastmere", "eastmere", "204", "#17504a",
    officers=(
        Officer("authority_admin", "Priya Nair", "Education team lead", 961),
        Officer("authority_admin", "Tom Redfern", "Attendance and inclusion officer", 962),
        Officer("named_officer", "Helen Marsh", "Named officer (LADO)", 963),
        Officer("commissioner", "Daniel Osei", "Head of commissioning, children and families", 964),
    ),
    schools=(LARKFIELD, PENNANT, HIGHMOOR, QUAYSIDE, COPPICE, FAIRHOLT, ASHGROVE, HOLLYBUSH, *ON_THE_WAY),
    prospects=(100235, 100253, 100260, 130303),
)  # fmt: skip
NORTHVALE = Authority(
    "Northvale Council", "Northvale", "northvale", "998", "#4b3f8f",
    officers=(
        Officer("authority_admin", "Gwen Pritchard", "School improvement adviser", 971),
        Officer("named_officer", "Samuel Boateng", "Named officer (LADO)", 972),
        Officer("commissioner", "Alison Whitmore", "Commissioning manager", 973),
    ),
    schools=(
        School(990021, "Alder Lane Primary School", "Alder Lane Primary", "Primary", "active", 35,
               room="The family room", waiting=2, languages="en en en pl",
               office="Bethan Rees",
               groups=(
                   Group("last", "First group", "last", 8, ("a", "b")),
                   Group("now", "Second group", "running", 8, ("a", "g1"), held=2, next_in=2),
               ),
               leads=(Lead("a", "leading"), Lead("b", "resting"), Lead("g1", "leading", ("last", 2)),
                      Lead("g2", "applied", ("last", 4)))),
        School(990022, "Orchard End Academy", "Orchard End Academy", "Secondary", "brief_sent", 12,
               trust=("T99004", "Two Rivers Learning Partnership")),
    ),
)  # fmt: skip
AUTHORITIES = (EASTMERE, NORTHVALE)
