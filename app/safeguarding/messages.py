"""Messages about concerns: that one waits, and nothing of what it is. The database decides who is told, and when."""

from __future__ import annotations

from app.identity.roles import Role
from app.messages.kind import Email, Kind, Link, _
from app.messages.parts import Messages
from app.states.messages import RecipientKind

STAFF, MEMBER = RecipientKind.STAFF, RecipientKind.MEMBER
#: Says only this: who, what and where stay behind the sign-in.
CONCERN = Email(
    _("A concern is waiting"), (_("A concern is waiting for you. Please sign in and read it: {link}"),)
)

#: When somebody could be hurt today. At any hour, and nothing of what it is.
URGENT = Email(
    _("Please sign in now"),
    (_("A concern that cannot wait is there for you. Please sign in and read it now: {link}"),),
)
URGENT_TEXT = (_("We Belong: a concern that cannot wait is there for you. Sign in and read it now: {link}"),)
UNOPENED = Email(
    _("Please sign in now"),
    (
        _("A concern that cannot wait has not been opened for 30 minutes."),
        _("Please sign in now, read it or take it over: {link}"),
    ),
)
UNOPENED_TEXT = (_("We Belong: a concern that cannot wait is unopened for 30 minutes. Sign in now: {link}"),)

KINDS = (
    Kind(
        "concern_received_for_dsl",
        _("A concern is waiting"),
        STAFF,
        link=Link.CONCERNS,
        confidential=True,
        email=CONCERN,
    ),
    Kind(
        "concern_received_for_officer",
        _("A concern is waiting"),
        MEMBER,
        link=Link.CONCERNS,
        confidential=True,
        email=CONCERN,
    ),
    Kind(
        "concern_urgent_for_dsl",
        _("A concern that cannot wait"),
        STAFF,
        link=Link.CONCERNS,
        confidential=True,
        quiet_hours=False,
        email=URGENT,
        sms=URGENT_TEXT,
    ),
    Kind(
        "concern_urgent_for_officer",
        _("A concern that cannot wait"),
        MEMBER,
        link=Link.CONCERNS,
        confidential=True,
        quiet_hours=False,
        email=URGENT,
        sms=URGENT_TEXT,
    ),
    # To the school's own readers where it names the officer, who may not take it over.
    Kind(
        "concern_unopened_for_dsl",
        _("A concern that nobody has opened"),
        STAFF,
        link=Link.CONCERNS,
        confidential=True,
        quiet_hours=False,
        email=Email(
            _("Please sign in now"),
            (
                _("A concern that cannot wait has not been opened for 30 minutes."),
                _("Please sign in now and read it: {link}"),
            ),
        ),
        sms=UNOPENED_TEXT,
    ),
    Kind(
        "concern_unopened_for_officer",
        _("A concern that nobody has opened"),
        MEMBER,
        link=Link.CONCERNS,
        confidential=True,
        quiet_hours=False,
        email=UNOPENED,
        sms=UNOPENED_TEXT,
    ),
    Kind(
        "concern_taken_over",
        _("A concern was taken over"),
        STAFF,
        link=Link.CONCERNS,
        confidential=True,
        email=Email(
            _("A concern was taken over"),
            (
                _("A concern that could not wait had not been opened for 30 minutes."),
                _("The council’s named officer has taken it over. You can still read it: {link}"),
            ),
        ),
    ),
    # To the officers who answer for it. Each addition by itself; what was added stays behind the sign-in.
    Kind(
        "concern_added_to",
        _("The school added to a concern"),
        MEMBER,
        link=Link.CONCERNS,
        confidential=True,
        email=Email(
            _("Something was added to a concern"),
            (_("The school added to the record of a concern that you answer for. Read it: {link}"),),
        ),
    ),
    Kind(
        "nobody_reads_concerns",
        _("Nobody reads concerns"),
        MEMBER,
        link=Link.HOME,
        email=Email(
            _("We Belong: somebody must read concerns"),
            (
                _(
                    "A concern waits at {authority} that nobody can read: nobody who reads concerns can sign in, or it"
                    " names all who do."
                ),
                _("Please ask for another named officer (LADO) today: {link}"),
            ),
        ),
    ),
)

MESSAGES = Messages(
    KINDS,
    pages={
        Link.CONCERNS: {
            Role.SCHOOL_DSL: "safeguarding.list_concerns",
            Role.NAMED_OFFICER: "safeguarding.officer_concerns",
        }
    },
)
