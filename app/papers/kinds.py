"""What each generated document needs to know, one frozen dataclass a kind.

A document holds what its readers may know and nothing more: no answers, no needs of a child, nothing said in
the room. Dates are dates, times carry their zone; how they read is decided in `wording`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import urlsplit

from app.programme.numbers import SESSIONS


@dataclass(frozen=True)
class SupportLine:
    """Somebody to talk to: `contact` is what to dial or text."""

    name: str
    contact: str
    note: str = ""


@dataclass(frozen=True)
class Contact:
    """A named person whom the reader may ask."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Link:
    """A page to read later. Only web addresses: anything else is a ValueError."""

    title: str
    url: str
    note: str = ""

    def __post_init__(self) -> None:
        _check_web_address(self.url)


@dataclass(frozen=True)
class ProjectBrief:
    """What a school is invited to, on two pages."""

    template: ClassVar[str] = "project_brief"
    school: str
    authority: str
    issued_on: date
    contact: Contact
    reply_by: date | None = None
    start_term: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Retention:
    """One row of the agreement's table: what is kept, by whom, for how long, and what happens then."""

    record: str
    controller: str
    keep_for: str
    afterwards: str


@dataclass(frozen=True)
class CostLine:
    """One row of the agreement's table of costs."""

    item: str
    paid_by: str


# What an agreement says where the authority has not set its own; its data protection officer confirms the times.
USUAL_RETENTION = (
    Retention(
        "Parents found who did not join, and who said no",
        "School",
        "To the end of the school year",
        "Deleted",
    ),
    Retention(
        "Names and contact details of parents who joined", "School", "1 year after the group", "Deleted"
    ),
    Retention("Which sessions a parent came to", "School", "1 year after the group", "Deleted"),
    Retention(
        "Answers to the questions",
        "Authority",
        "2 years after the group",
        "Deleted; totals without names stay",
    ),
    Retention(
        "Facilitators: application, training, check level, number and dates (never a copy of a certificate)",
        "Authority",
        "While they lead, and 1 year",
        "Deleted",
    ),
    Retention("Concerns about a child", "School", "As its safeguarding policy says", "As that policy says"),
    Retention("This agreement", "Both", "6 years after it ends", "Deleted"),
    Retention("Published totals", "Authority", "Always", "They identify nobody"),
)
USUAL_COSTS = (
    CostLine("Room, heating, caretaking", "School"),
    CostLine("Hot drinks and something to eat", "School"),
    CostLine("Facilitators: training, supervision, expenses", "Authority"),
    CostLine("Interpreters and access needs", "Authority"),
    CostLine("This service, its messages and its support", "Authority"),
)


@dataclass(frozen=True)
class Signatory:
    """A place to sign, for one party. An empty name is a line to write on."""

    party: str
    name: str = ""
    role: str = ""


@dataclass(frozen=True)
class Agreement:
    """What a school and its authority agree to. Whatever is left out becomes a line to fill in by hand."""

    template: ClassVar[str] = "agreement"
    school: str
    authority: str
    reference: str
    issued_on: date
    school_urn: str = ""
    version: int = 1
    starts_on: date | None = None
    lead: Contact | None = None
    deputy: Contact | None = None
    dsl: Contact | None = None
    dsl_deputy: Contact | None = None
    authority_lead: Contact | None = None
    lado: Contact | None = None
    data_contact: Contact | None = None
    lawful_basis: str = ""
    room: str = ""
    min_parents: int = 10
    min_schools: int = 3
    retention: tuple[Retention, ...] = USUAL_RETENTION
    costs: tuple[CostLine, ...] = USUAL_COSTS
    signatories: tuple[Signatory, ...] = ()
    language: str = "en"

    @property
    def named(self) -> dict[str, str]:
        """What it settles, by the codes of `app/schools/papers.py`; empty where it leaves a line to fill in."""
        people = {
            "council_contact": self.authority_lead,
            "named_officer": self.lado,
            "data_protection": self.data_contact,
            "lead": self.lead,
            "lead_deputy": self.deputy,
            "school_dsl": self.dsl,
            "school_dsl_deputy": self.dsl_deputy,
        }
        return {code: one.name if one else "" for code, one in people.items()} | {
            "lawful_basis": self.lawful_basis,
            "room": self.room,
            "starts_on": self.starts_on.isoformat() if self.starts_on else "",
            "urn": self.school_urn,
        }


@dataclass(frozen=True)
class LearningNotes:
    """A reminder of one session. Nothing that anyone said belongs in it."""

    template: ClassVar[str] = "learning_notes"
    school: str
    group: str
    session_number: int
    held_on: date
    topic: str
    main_points: tuple[str, ...]
    session_count: int = SESSIONS
    links: tuple[Link, ...] = ()
    next_starts_at: datetime | None = None
    next_room: str = ""
    contact: Contact | None = None
    support_lines: tuple[SupportLine, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class SessionRegister:
    """A register to print for one session: names and boxes only."""

    template: ClassVar[str] = "session_register"
    school: str
    group: str
    session_number: int
    starts_at: datetime
    ends_at: datetime
    room: str
    names: tuple[str, ...]
    session_count: int = SESSIONS
    topic: str = ""
    facilitators: tuple[str, ...] = ()
    spare_rows: int = 2
    language: str = "en"


@dataclass(frozen=True)
class ContactRow:
    """How to reach one parent. `notes` is in words: "interpreter, no texts"."""

    name: str
    phone: str = ""
    email: str = ""
    notes: str = ""
    speaks: str = ""


@dataclass(frozen=True)
class ContactSheet:
    """A group's contact list for those who lead it, with how to handle it."""

    template: ClassVar[str] = "contact_sheet"
    school: str
    group: str
    printed_at: datetime
    printed_by: str
    people: tuple[ContactRow, ...]
    keeper: Contact | None = None
    destroy_by: date | None = None
    language: str = "en"


@dataclass(frozen=True)
class Certificate:
    """A graduate's certificate. It names the group, not the reason for it."""

    template: ClassVar[str] = "certificate"
    name: str
    school: str
    authority: str
    finished_on: date
    group: str = ""
    signatories: tuple[Signatory, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class PlannedSession:
    """One date of the plan. An empty topic is one that the group will choose."""

    number: int
    starts_at: datetime
    ends_at: datetime
    topic: str = ""
    room: str = ""


@dataclass(frozen=True)
class Break:
    """A week without a meeting, and why."""

    on: date
    reason: str


@dataclass(frozen=True)
class GoneDay:
    """A day to come on which the group was to meet and does not: its session was called off, or moved to another."""

    on: date
    number: int
    moved_to: date | None = None


@dataclass(frozen=True)
class GroupPlan:
    """All dates on one sheet, for a parent who is reached on paper."""

    template: ClassVar[str] = "group_plan"
    first_name: str
    school: str
    group: str
    room: str
    sessions: tuple[PlannedSession, ...]
    #: Whether any session is in a room, and whether any may be joined online.
    has_room: bool = True
    is_online: bool = False
    breaks: tuple[Break, ...] = ()
    #: What has changed for whoever has an older sheet.
    gone: tuple[GoneDay, ...] = ()
    printed_on: date | None = None
    contact: Contact | None = None
    facilitators: tuple[str, ...] = ()
    support_lines: tuple[SupportLine, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class InvitationLetter:
    """An invitation by post, with a slip to send back and, where there is a link, its code to scan.

    The address stands where a window envelope shows it; nothing else shows through the window. Before a group
    has its dates, `starts_at` and `ends_at` are None and the letter says that we will tell them.
    """

    template: ClassVar[str] = "invitation_letter"
    first_name: str
    full_name: str
    school: str
    staff_name: str
    staff_role: str
    phone: str
    written_on: date
    room: str
    starts_at: datetime | None
    ends_at: datetime | None
    address: tuple[str, ...] = ()
    school_address: tuple[str, ...] = ()
    session_count: int = SESSIONS
    link: str = ""
    expires_on: date | None = None
    authority: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        if self.link:
            _check_web_address(self.link)


@dataclass(frozen=True)
class SignupPoster:
    """The address of a school's sign-up page, for the school gate. No day, no place, nobody's name."""

    template: ClassVar[str] = "signup_poster"
    school: str
    link: str
    #: For whoever has no phone that scans or opens pages: the school's own, in digits that people read.
    phone: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        _check_web_address(self.link)


@dataclass(frozen=True)
class SignupCards(SignupPoster):
    """The same on cards to cut from a page."""

    template: ClassVar[str] = "signup_cards"


def _check_web_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("a link must be a web address that begins with https://")


Document = (
    ProjectBrief
    | Agreement
    | LearningNotes
    | SessionRegister
    | ContactSheet
    | Certificate
    | GroupPlan
    | InvitationLetter
    | SignupPoster
    | SignupCards
)

KINDS: dict[str, type[Document]] = {
    kind.template: kind
    for kind in (
        ProjectBrief,
        Agreement,
        LearningNotes,
        SessionRegister,
        ContactSheet,
        Certificate,
        GroupPlan,
        InvitationLetter,
        SignupPoster,
        SignupCards,
    )
}
