"""Messages to people at work: colleagues in schools and authorities. By email only."""

from __future__ import annotations

from datetime import timedelta

from app.messages.kind import Email, Kind, Link, Topic, _
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
        "staff_invitation",
        _("Invitation to a colleague"),
        STAFF,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        email=Email(
            _("Your invitation to We Belong"),
            (
                _("{authority} and {school} offer peer support groups for parents and carers: We Belong."),
                _("You are invited as {role}. Accept, and set your password: {link}"),
                _("The link is only for {first_name}, until {until}. Is that not you? Say so there."),
            ),
        ),
    ),
    Kind(
        "member_invitation",
        _("Invitation to a colleague"),
        MEMBER,
        link=Link.ONE_TIME,
        useful_for=timedelta(days=7),
        topic=Topic.WAY_IN,
        email=Email(
            _("Your invitation to We Belong"),
            (
                _("You are invited to We Belong at {authority}, as {role}."),
                _("Accept, and set your password: {link}"),
                _("The link is only for {first_name}, until {until}. Is that not you? Say so there."),
            ),
        ),
    ),
    Kind(
        "onboarding_brief",
        _("Project brief"),
        STAFF,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        steps=("brief_sent",),
        email=Email(
            _("We Belong at {school}: the project brief"),
            (
                _("{authority} has sent you the project brief. It takes five minutes to read."),
                _("Your list of what comes next is here: {link}"),
            ),
        ),
    ),
    Kind(
        "agreement_ready",
        _("Agreement is ready"),
        STAFF,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        topic=Topic.AGREEMENT,
        steps=("prospect", "invited", "brief_sent"),
        email=Email(
            _("We Belong at {school}: the agreement"),
            (_("The agreement is ready. Download it, sign it, and upload it here: {link}"),),
        ),
    ),
    Kind(
        "agreement_returned",
        _("Agreement is returned"),
        STAFF,
        link=Link.TASKS,
        useful_for=timedelta(days=14),
        school_stage="brief_sent",
        topic=Topic.AGREEMENT,
        email=Email(
            _("We Belong at {school}: please sign again"),
            (
                _("{authority} has read your signed agreement and returns it."),
                _("What to change, and where to send it: {link}"),
            ),
        ),
    ),
    Kind(
        "school_activated",
        _("School is active"),
        STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=14),
        topic=Topic.SCHOOL,
        steps=("active",),
        email=Email(
            _("We Belong at {school} can begin"),
            (
                _("{authority} has set {school} to active."),
                _("You can invite parents and form your first group: {link}"),
            ),
        ),
    ),
    Kind(
        "group_leaders_changed",
        _("Who leads a group"),
        STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=3),
        steps=("active", "paused"),
        email=Email(
            _("Somebody new leads a group at {school}"),
            (
                _("Somebody was chosen to lead a group that has parents in it. Its page says who: {link}"),
                _("They see the names of the parents in the group and take its register."),
                _("Does that surprise you? Ask your colleagues, or call {authority}."),
            ),
        ),
    ),
    # To who asked, who agreed and the safeguarding lead: it can mean that somebody tried to get a parent's pages.
    Kind(
        "fresh_start_stopped",
        _("A fresh start was stopped"),
        STAFF,
        link=Link.HOME,
        useful_for=timedelta(days=7),
        email=Email(
            _("A fresh start was stopped at {school}"),
            (
                _("A parent was to get a new way in. Somebody who got our message about it has stopped it."),
                _(
                    "Nothing changed: they sign in as before. Please speak with them, and find out what happened."
                ),
                _("“This week” says who it is: {link}"),
            ),
        ),
    ),
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
