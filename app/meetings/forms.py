"""Forms of those who lead and those who join."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.cohorts.topics import CHOOSABLE, TOPICS, title_of
from app.meetings.attendance import Marked
from app.meetings.first_visits import WISHES
from app.meetings.reflections import Reflection
from app.shell.components import (
    Answered,
    CheckboxesField,
    CheckboxField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    SelectField,
    StopValidation,
    TextField,
)
from app.shell.shared_form import SharedForm
from app.states.groups import Part, TimesKept, Turns

MARK_WORDS = [
    ("present", _l("Here")),
    ("late", _l("Here, came late")),
    ("left_early", _l("Here, left early")),
    ("apology", _l("Sent apologies")),
    ("absent", _l("Away")),
]
#: The same on buttons for a thumb, beside each other on a phone.
SHORT_MARK_WORDS = [
    ("present", _l("Here")),
    ("late", _l("Late")),
    ("left_early", _l("Left early")),
    ("apology", _l("Apologies")),
    ("absent", _l("Away")),
]
PART_WORDS = [
    (Part.WELCOME, _l("Welcome and sharing")),
    (Part.THEME, _l("Theme")),
    (Part.HOME, _l("At home")),
    (Part.SUMMING_UP, _l("Summing up")),
]
LINKS = 3
_SMALL_INLINE = {"classes": "govuk-radios--inline govuk-radios--small"}


class WelcomerForm(Form):
    """Who of those who lead a group welcomes newcomers."""

    welcomer = RadioField(
        _l("Who meets newcomers and says hello?"), [Answered(_l("Choose who welcomes newcomers"))]
    )


class FirstWishesForm(Form):
    """What a parent would like on their first evening; none is an answer too."""

    wishes = CheckboxesField(
        _l("Choose what helps. You need not choose anything."),
        choices=[(code, words) for code, (words, _to_leaders) in WISHES.items()],
    )


class DatesLinkForm(Form):
    """What a calendar that somebody else may look into should say."""

    place = RadioField(
        _l("Who sees this calendar?"),
        [Answered(_l("Choose who sees this calendar"))],
        choices=[
            ("no", _l("Others see it too: show the day and time alone")),
            ("yes", _l("Only I see it: show the group, the room and the school too")),
        ],
    )

    def for_council(self) -> DatesLinkForm:
        """The same, of what a council reads of sessions: which school, and no group nor room."""
        (others, _own) = self.place.choices
        self.place.choices = [others, ("yes", _("Only I see it: show the school too"))]
        return self


def register_form(
    members: Sequence[tuple[UUID, str]], marks: Mapping[UUID, str], away: Collection[UUID] = ()
) -> Form:
    """A mark for each person, by name, and unseen beside it the mark that the page shows.

    Who said that they cannot come is offered as *sent apologies*: seen so, and not chosen by anybody yet.
    """
    fields: dict[str, object] = {}
    for parent_id, name in members:
        fields[_field_of(parent_id)] = RadioField(
            name, choices=MARK_WORDS, validate_choice=False, params=_legend(name)
        )
        fields[_kept_of(parent_id)] = HiddenField()
    form = type("RegisterForm", (Form,), fields)
    shown = {**dict.fromkeys(away, "apology"), **marks}
    data = {_field_of(parent_id): mark for parent_id, mark in shown.items()}
    return form(data={**data, **{_kept_of(parent_id): mark for parent_id, mark in shown.items()}})


def marks_of(form: Form, members: Sequence[tuple[UUID, str]]) -> dict[UUID, Marked]:
    """Of each who has a mark on the page, the one that this person saw there, and the one that they left or chose."""
    found = {}
    for parent_id, _name in members:
        chosen, saw = form[_field_of(parent_id)].data, form[_kept_of(parent_id)].data or ""
        if chosen and chosen != "None":
            found[parent_id] = Marked(saw, chosen)
    return found


def show_others(
    form: Form, members: Sequence[tuple[UUID, str]], marks: Mapping[UUID, str], others: Mapping[UUID, str]
) -> None:
    """The page again after somebody else marked the same people: what they chose is said, what was typed stays.

    `marks` are those kept now: pressing *Save* again decides.
    """
    words = dict(MARK_WORDS)
    for parent_id, name in members:
        form[_kept_of(parent_id)].data = marks.get(parent_id, "")
        if parent_id not in others:
            form[_field_of(parent_id)].data = marks.get(parent_id) or form[_field_of(parent_id)].data
        else:
            form.add_error(
                _(
                    "%(name)s: somebody else just marked “%(mark)s”. Choose what is right and save again.",
                    name=name,
                    mark=words[others[parent_id]],
                ),
                _field_of(parent_id),
            )


def _kept_of(parent_id: UUID) -> str:
    return f"kept_{parent_id.hex}"


def _field_of(parent_id: UUID) -> str:
    return f"mark_{parent_id.hex}"


def _legend(name: str) -> dict[str, object]:
    return {**_SMALL_INLINE, "fieldset": {"legend": {"text": name, "classes": "govuk-fieldset__legend--s"}}}


class LinkAddress(TextField):
    """The address of a page; without https:// in front it is added."""

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            return
        if "://" not in self.data:
            self.data = f"https://{self.data}"
        try:
            parts = urlsplit(self.data)
            is_page = (
                parts.scheme in ("http", "https")
                and "." in (parts.hostname or "")
                and "@" not in parts.netloc
            )
        except ValueError:
            is_page = False
        if not is_page or " " in self.data:
            raise StopValidation(_("Check the address. It looks like https://www.nhs.uk/mental-health"))


class NotesForm(SharedForm):
    """Learning notes: what is worth keeping, something to try, where to read on."""

    main_points = LongTextField(
        _l("Main points"),
        description=_l("The theme in a few short lines. One thought on each line."),
        rows=8,
    )
    try_at_home = LongTextField(
        _l("Something to try at home"),
        description=_l("One small thing is enough."),
        letters=1500,
        rows=4,
    )
    link_1_title = TextField(_l("What it is"), letters=120)
    link_1_url = LinkAddress(_l("Address of the page"), letters=500, params={"spellcheck": False})
    link_2_title = TextField(_l("What it is"), letters=120)
    link_2_url = LinkAddress(_l("Address of the page"), letters=500, params={"spellcheck": False})
    link_3_title = TextField(_l("What it is"), letters=120)
    link_3_url = LinkAddress(_l("Address of the page"), letters=500, params={"spellcheck": False})

    def validate(self, extra_validators: object = None) -> bool:
        is_good = super().validate(extra_validators)
        for number in range(1, LINKS + 1):
            title, url = self[f"link_{number}_title"], self[f"link_{number}_url"]
            if title.data and not url.data and not url.errors:
                self.add_error(_("Add the address of the page, or take out what it is"), url.name)
                is_good = False
        if is_good and not (self.main_points.data or self.try_at_home.data or self.links()):
            self.add_error(_("Write something before you save"), "main_points")
            return False
        return is_good

    def links(self) -> list[dict[str, str]]:
        """The links that have an address, as they are kept."""
        pairs = ((self[f"link_{n}_title"].data, self[f"link_{n}_url"].data) for n in range(1, LINKS + 1))
        return [{"title": title or url, "url": url} for title, url in pairs if url]


def notes_data(main_points: str, try_at_home: str, links: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Kept notes as the form takes them."""
    data = {"main_points": main_points, "try_at_home": try_at_home}
    for number, link in enumerate(links[:LINKS], 1):
        data[f"link_{number}_title"] = link.get("title", "")
        data[f"link_{number}_url"] = link.get("url", "")
    return data


class CloseForm(Form):
    """The last look before a session is closed."""

    without_notes = CheckboxField(_l("There are no notes this time"))
    finished_early = CheckboxField(_l("We have finished early"))


class LookBackForm(Form):
    """A minute to look back on a session: ticks alone."""

    parts = CheckboxesField(
        _l("Which parts did you have?"),
        choices=PART_WORDS,
        description=_l("Tick none if there was no time for any."),
    )
    times = RadioField(
        _l("Did you keep to the times?"),
        [Answered(_l("Choose whether you kept to the times"))],
        choices=[
            (TimesKept.KEPT, _l("Yes")),
            (TimesKept.NEARLY, _l("Nearly")),
            (TimesKept.NOT_KEPT, _l("No")),
        ],
    )
    turns = RadioField(
        _l("Did everybody have a chance to speak?"),
        [Answered(_l("Choose whether everybody had a chance to speak"))],
        choices=[(Turns.EVERYBODY, _l("Yes")), (Turns.NOT_EVERYBODY, _l("Not everybody"))],
    )

    def reflection(self) -> Reflection:
        """What was ticked."""
        return Reflection(tuple(self.parts.data or ()), self.times.data or "", self.turns.data or "")


def topics_form(numbers: Sequence[int], chosen: Mapping[int, str], done: set[str]) -> Form:
    """One list for each session that has not met."""
    fields = {
        f"topic_{number}": SelectField(
            _("Session %(number)s", number=number),
            choices=[("", _("The group has not chosen yet")), *_offers(done)],
        )
        for number in numbers
    }
    form = type("TopicsForm", (SharedForm,), fields)
    data = {f"topic_{number}": chosen[number] for number in numbers}
    return form(data=data, prefix="choose")


class VoteForm(Form):
    """The secret vote: what this parent would like to talk about."""

    topics = CheckboxesField(
        _l("What would help you most?"), description=_l("Choose up to three."), validate_choice=False
    )


def vote_form(done: set[str], mine: Sequence[str]) -> VoteForm:
    """The vote with what this parent chose before."""
    form = VoteForm(data={"topics": list(mine)})
    form.topics.choices = _offers(done)
    form.topics.hints = {code: TOPICS[code].purpose for code in CHOOSABLE}
    return form


def _offers(done: set[str]) -> list[tuple[str, str]]:
    """What is new first; a group may also want more about something."""
    new = [(code, title_of(code)) for code in CHOOSABLE if code not in done]
    again = [(code, _("More about: %(topic)s", topic=title_of(code))) for code in CHOOSABLE if code in done]
    return [*new, *again]
