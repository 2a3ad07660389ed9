"""How a document's data reads: dates, times and, for parents, the words themselves in their language.

Documents for staff carry their English in the template. Those for parents take every word from here, so that
a translated letter is translated as a whole.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.papers.kinds import (
    Agreement,
    Certificate,
    ContactSheet,
    Document,
    GroupPlan,
    InvitationLetter,
    LearningNotes,
    ProjectBrief,
    SessionRegister,
    SignupCards,
    SignupPoster,
)
from app.papers.lettering import isolated, tidy
from app.shell.dates import shows_year
from app.shell.parsing import readable_phone

LONDON = ZoneInfo("Europe/London")


class UnknownLanguage(ValueError):
    """Not the tag of a language that dates can be written in."""


def locale_of(language: str) -> Locale:
    """The Babel locale of a language tag; English is British. Raises UnknownLanguage."""
    try:
        return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise UnknownLanguage from None


def readable(value: Any, locale: Locale) -> Any:
    """`value` as JSON for a template: dataclasses become objects, dates and times all their written forms."""
    if is_dataclass(value):
        return {item.name: readable(getattr(value, item.name), locale) for item in fields(value)}
    if isinstance(value, datetime):
        local = value.astimezone(LONDON) if value.tzinfo else value
        return {**_date_forms(local.date(), locale), "time": clock_time(local, locale)}
    if isinstance(value, date):
        return _date_forms(value, locale)
    if isinstance(value, tuple | list):
        return [readable(item, locale) for item in value]
    return value


#: Addresses and settings, which are no words: joiners and directions have no place in them.
_NO_WORDS = {"language", "link", "url"}
#: What to dial, in any document.
_NUMBERS = {"phone", "contact"}


def _dialled(name: str, value: Any) -> Any:
    """A number in the form in which it is kept becomes the form that people write; anything else stays."""
    is_number = name in _NUMBERS and isinstance(value, str) and value.startswith("+")
    return readable_phone(value) if is_number else value


def legible(value: Any, *, right_to_left: bool) -> Any:
    """`value`, a document or a part of one, with all that people typed tidy and in a direction of its own.

    Numbers to dial are written as people write them, as on our pages.
    """
    if is_dataclass(value) and not isinstance(value, type):
        told = {
            item.name: tidy(getattr(value, item.name))
            if item.name in _NO_WORDS
            else legible(_dialled(item.name, getattr(value, item.name)), right_to_left=right_to_left)
            for item in fields(value)
        }
        return replace(value, **told)
    if isinstance(value, tuple | list):
        return tuple(legible(item, right_to_left=right_to_left) for item in value)
    if isinstance(value, str):
        return isolated(tidy(value), right_to_left=right_to_left)
    return value


def clock_time(moment: datetime, locale: Locale) -> str:
    """A time as people say it: 6:30pm and 6pm in English, by the locale's habit elsewhere."""
    if locale.language != "en":
        return format_time(moment.time(), "short", locale=locale)
    return (
        format_time(moment.time(), "h:mma" if moment.minute else "ha", locale=locale).lower().replace(" ", "")
    )


def _date_forms(day: date, locale: Locale) -> dict[str, str]:
    return {
        "iso": day.isoformat(),
        "full": format_date(day, "EEEE d MMMM y" if locale.language == "en" else "full", locale=locale),
        "long": format_date(day, "long", locale=locale),
        "weekday": format_date(day, "EEEE", locale=locale),
        "day": _day_form(day, locale),
        "term": format_date(day, "LLLL y", locale=locale),
    }


def _day_form(day: date, locale: Locale) -> str:
    """Day and month, with the year where it could be taken for another."""
    if locale.language == "en":
        return format_date(day, "d MMMM y" if shows_year(day) else "d MMMM", locale=locale)
    return format_skeleton("yMMMMd" if shows_year(day) else "MMMMd", day, locale=locale)


def download_name(document: Document) -> str:
    """A file name for the document that says what it is and names no parent."""
    with force_locale(str(locale_of(document.language))):
        match document:
            case LearningNotes():
                name = _("Notes, session %(n)s", n=document.session_number)
            case SessionRegister():
                name = f"Register, session {document.session_number}"
            case Agreement():
                name = f"Agreement {tidy(document.reference)}, version {document.version}"
            case ProjectBrief():
                name = f"Project brief, {tidy(document.school)}"
            case ContactSheet():
                name = "Contact sheet"
            case Certificate():
                name = _("Certificate")
            case GroupPlan():
                name = _("Our dates")
            case InvitationLetter():
                name = _("Invitation")
            case SignupCards():
                name = "Sign-up cards"
            case SignupPoster():
                name = "Sign-up poster"
    return f"{name}.pdf"


def words_for(document: Document) -> dict[str, str]:
    """The fixed words of `document` in its language, by name."""
    with force_locale(str(locale_of(document.language))):
        common = {"page_of": _("Page {n} of {of}")}
        maker = _WORDS.get(type(document))
        return common | (maker(document) if maker else {})


def _learning_notes(notes: LearningNotes) -> dict[str, str]:
    return {
        "title": _("Learning notes: %(topic)s", topic=notes.topic),
        "session": _("Session %(n)s of %(count)s", n=notes.session_number, count=notes.session_count),
        "promise": _("These notes are for you, even if you were away. Nothing anyone said is in them."),
        "main_points": _("The main points"),
        "links": _("To read or watch, if you want to"),
        "next": _("We meet again"),
        "no_reason": _("You can say you cannot come. You need no reason."),
        "questions": _("Questions?"),
        "support": _("If this was hard, you can talk to someone"),
    }


def _certificate(certificate: Certificate) -> dict[str, str]:
    return {
        "title": _("Well done, %(name)s", name=certificate.name),
        "kicker": _("Certificate"),
        "presented": _("This is for"),
        "came": _("who took part in the We Belong group at %(school)s", school=certificate.school),
        "finished": _("and finished it in {month}."),
        "thanks": _("You came, you listened, and you helped others feel less alone."),
        "signed": _("Signed"),
    }


def _group_plan(plan: GroupPlan) -> dict[str, str]:
    count = len(plan.sessions)
    return {
        "title": _("Our dates"),
        "hello": _("Hello %(name)s", name=plan.first_name),
        "intro": ngettext(
            "Here is the one date of our group at %(school)s. Keep this where you can see it.",
            "Here are the %(num)d dates of our group at %(school)s. Keep this where you can see it.",
            count,
            school=plan.school,
        ),
        "number": _("Session"),
        "date": _("Date"),
        "time": _("Time"),
        "topic": _("What it is about"),
        "room": _("Where"),
        "to": _("to"),
        "we_choose": _("We choose together"),
        "no_meeting": _("No meeting"),
        "called_off": _("session {number} is called off"),
        "moved": _("session {number} has moved to {day}"),
        "printed": _("Printed on {day}. Do you have an older sheet? This one takes its place."),
        "cannot_come": _("Cannot come one day?"),
        "cannot_come_words": _("That is fine. You need no reason, and your place is still here."),
        "call": _("Call"),
        "who_leads": _("Who leads the group"),
        "who_leads_words": _("Parents who have lived this."),
        "drinks": _("Hot drinks are ready. They are free."),
        "online": _(
            "To join online: the link is on your page from two hours before. No page, or no way in? Call us, and we"
            " tell you."
        ),
        "support": _("If today is hard, you can talk to someone"),
    }


def _invitation_letter(letter: InvitationLetter) -> dict[str, str]:
    locale = locale_of(letter.language)
    when_words = _("We will tell you the day and the time.")
    if letter.starts_at and letter.ends_at:
        starts = readable(letter.starts_at, locale)
        when_words = _(
            "%(weekday)ss, %(start)s to %(end)s",
            weekday=starts["weekday"],
            start=starts["time"],
            end=readable(letter.ends_at, locale)["time"],
        )
    return {
        "title": _("An invitation from %(school)s", school=letter.school),
        "dear": _("Dear %(name)s", name=letter.first_name),
        "i_am": _(
            "I am %(name)s, %(role)s at %(school)s. You are invited to a small group of parents and carers.",
            name=letter.staff_name,
            role=letter.staff_role,
            school=letter.school,
        ),
        "who": _(
            "Each has a child who finds it hard to get to school. Parents who have lived this lead the "
            "group. You do not have to prove anything."
        ),
        "when": _("We meet"),
        "when_words": when_words,
        "where": _("Where"),
        "where_words": ", ".join(part for part in (letter.room, letter.school) if part),
        "first": _("First time"),
        "sessions": _("How often"),
        "sessions_words": ngettext(
            "%(num)d session.",
            "%(num)d sessions, once a week, with breaks for holidays.",
            letter.session_count,
        ),
        "answer": _("How to answer"),
        "scan": _("Scan the code with your phone, or type this address:"),
        "only_you": _("The link is only for you."),
        "until": _("The link is only for you, until {date}."),
        "or_slip": _("Or fill in the slip below and send it back, or hand it in at the school office."),
        "slip_only": _("Fill in the slip below and send it back, or hand it in at the school office."),
        "say": _(
            "You can say yes, no, or “tell me more”. Saying no changes nothing for your child. "
            "Questions? Call %(phone)s.",
            phone=letter.phone,
        ),
        "warmly": _("With best wishes"),
        "slip": _("Your answer"),
        "slip_to": _("For %(name)s, %(school)s", name=letter.staff_name, school=letter.school),
        "slip_from": _("From %(name)s", name=letter.full_name),
        "yes": _("Yes, I would like to come"),
        "call_me": _("Please call me on"),
        "no": _("No, thank you"),
        "signed": _("Signed"),
        "dated": _("Date"),
        "cut": _("Cut here"),
        "qr_alt": _("Code to scan. It opens your invitation, the same as the address printed beside it."),
    }


def _signup(paper: SignupPoster) -> dict[str, str]:
    # For typing: a browser finds the rest.
    typed, slash, code = paper.link.partition("://")[2].rpartition("/")
    return {
        "title": _("You are not the only one"),
        "some": _("Some children find it hard to get to school."),
        "group": _("In a small group parents and carers meet others who know how this is."),
        "lead": _("Parents who have lived this lead it. You do not have to prove anything."),
        "card": _("A small group of parents and carers who know how this is."),
        "hear": _("Would you like to hear more?"),
        "scan": _("Scan the code with your phone, or type this address:"),
        "typed": typed + slash,
        "code": code,
        "call": _("Or call the school: %(phone)s", phone=paper.phone)
        if paper.phone
        else _("Or ask at the school’s office."),
        "later": _("You tell the school how to reach you. You say yes or no later."),
        "qr_alt": _("Code to scan. It opens the same page as the address printed beside it."),
    }


_WORDS: dict[type, Callable[[Any], dict[str, str]]] = {
    LearningNotes: _learning_notes,
    Certificate: _certificate,
    GroupPlan: _group_plan,
    InvitationLetter: _invitation_letter,
    SignupPoster: _signup,
    SignupCards: _signup,
}
