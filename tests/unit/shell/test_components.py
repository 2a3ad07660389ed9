"""Fields keep what was typed, say what to do, and lead to the box that mends it."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from app.shell.components import (
    Answered,
    CheckboxesField,
    CheckboxField,
    CodeField,
    DateField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    LongTextField,
    NameField,
    PasswordField,
    PhoneField,
    RadioField,
    SelectField,
    TimeField,
    form_errors,
)
from app.shell.parsing import plain_name
from app.shell.validators import without_unfit_letters


class Everything(Form):
    class Meta:
        csrf = False

    name = NameField(
        "First name", [Answered("Enter their first name")], params={"autocomplete": "given-name"}
    )
    email = EmailField("Email address")
    phone = PhoneField("Mobile number", description="Only for texts about the group")
    code = CodeField("Code")
    places = IntegerField("How many places?", lowest=8, highest=10)
    starts = DateField("When does it start?", [Answered("Enter the first date")])
    at = TimeField("What time?")
    story = LongTextField("Anything else?", letters=20)
    reach = RadioField(
        "How should we reach them?",
        [Answered("Choose how to reach them")],
        choices=[("sms", "Text"), ("none", "Prefer not to say")],
        hints={"sms": "Up to 160 letters"},
        last_apart=True,
    )
    needs = CheckboxesField(
        "What do they need?", choices=[("step", "Step-free room"), ("lang", "Interpreter")]
    )
    agreed = CheckboxField("They said yes", description="Only when they told you")
    language = SelectField("Language", choices=[("", "Choose"), ("tr", "Turkish")])
    paper = FileField("Signed agreement")
    secret = PasswordField("Password", new=True)


GOOD = {
    "name": "  Zoë ",
    "email": "zoe@Example.org",
    "phone": "07700 900 123",
    "code": "123 456",
    "places": "10",
    "at": "6.30pm",
    "story": "One\r\nTwo",
    "reach": "sms",
    "language": "tr",
    "agreed": "y",
    "secret": "a long pass phrase",
}


@pytest.fixture
def sent(shell_app):
    """`sent(name="")`: the form as posted, good in everything but what is given."""

    def post(starts=("12", "1", "2027"), needs=("step",), **changes) -> Everything:
        data = MultiDict({**GOOD, **changes})
        data.setlist("starts", starts)
        data.setlist("needs", needs)
        return Everything(formdata=data)

    with shell_app.test_request_context():
        yield post


def drawn(field, **kwargs) -> str:
    return " ".join(unescape(str(field(**kwargs))).split())


def test_good_answers_become_what_they_mean(sent):
    form = sent()
    assert form.validate(), form.errors
    assert form.data == {
        "name": "Zoë",
        "email": "zoe@example.org",
        "phone": "+447700900123",
        "code": "123456",
        "places": 10,
        "starts": datetime.date(2027, 1, 12),
        "at": datetime.time(18, 30),
        "story": "One\nTwo",
        "reach": "sms",
        "needs": ["step"],
        "agreed": True,
        "language": "tr",
        "paper": None,
        "secret": "a long pass phrase",
    }


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example/pay",
        "evil.example/pay",
        "Ann, pay at evil.example",
        "[Ann](x)",
        "# Urgent",
        "ann@x",
        "((a|b))",
    ],
)
def test_a_name_is_not_taken_for_an_address_or_a_message(sent, typed):
    form = sent(name=typed)
    assert not form.validate()
    assert "Enter the name alone" in form.errors["name"][0]


@pytest.mark.parametrize(
    "typed",
    ["J.R. O’Neill-Šimůnek", "Ann (Nan)", "Mary & John", "Dr. Ngọc", "বাংলা", "عائشة", "N’Golo, 2", "St. John"],
)
def test_names_of_people_are_names(sent, typed):
    form = sent(name=typed)
    assert form.validate(), form.errors


def test_empty_boxes_are_empty_not_wrong(sent):
    form = sent(email="", phone=" ", places="", at="", story="", code="")
    assert form.validate(), form.errors
    assert (form.email.data, form.phone.data, form.places.data, form.at.data) == (None, None, None, None)
    assert (form.story.data, form.code.data) == ("", "")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "   ", "Enter their first name"),
        ("name", "n" * 101, "Use 100 letters or fewer"),
        ("name", "nul\x00l", "Type this again without special characters"),
        ("name", "half \ud800", "Type this again without special characters"),
        ("email", "zoe@", "Check the part after the @. It looks like example.com, with a dot and no spaces"),
        ("name", "\u200b\u202e", "Enter their first name"),
        ("name", "07700 900123", "Enter the name in letters"),
        (
            "email",
            "zoe.example.org",
            "Enter the whole email address, with the @. It looks like name@example.com",
        ),
        (
            "email",
            "zoë@example.org",
            "Check the part before the @. It has English letters, numbers and dots."
            " No spaces, brackets or quotation marks, and never two dots together",
        ),
        (
            "phone",
            "07700 900201 ask for Mum",
            "Type the number alone, without words or an extension. It looks like 07700 900123",
        ),
        (
            "phone",
            "07700 900201 ext 4",
            "Type the number alone, without words or an extension. It looks like 07700 900123",
        ),
        ("phone", "07700900201/07700900202", "Type one number. It looks like 07700 900123"),
        (
            "phone",
            "020 7946 0991",
            "We cannot send texts to this number. Enter a mobile number, like 07700 900123",
        ),
        ("phone", "12345", "Check the mobile number. It looks like 07700 900123"),
        ("places", "eleven", "Enter a whole number from 8 to 10"),
        ("places", "11", "Enter a whole number from 8 to 10"),
        ("at", "teatime", "Enter a time, like 6:30pm or 18:30"),
        ("story", "x" * 21, "Use 20 letters or fewer"),
        ("reach", "pigeon", "Choose one of the answers shown"),
        ("reach", "", "Choose how to reach them"),
        ("language", "xx", "Choose one of the answers shown"),
    ],
)
def test_a_wrong_answer_says_what_to_do_and_stays_in_its_box(sent, field, typed, message):
    form = sent(**{field: typed})
    assert not form.validate()
    assert list(form.errors) == [field]
    assert form[field].errors[0] == message
    if field not in ("reach", "language"):
        kept = without_unfit_letters(plain_name(typed) if field == "name" else typed.strip())[:20]
        assert kept in drawn(form[field])


@pytest.mark.parametrize(
    "typed",
    [
        ("31", "2", "2027"),
        ("1", "1", "27"),
        ("", "1", "2027"),
        ("x", "y", "z"),
        ("2147483648", "1", "2027"),
        ("1", "2147483648", "2027"),
        ("1", "1", "2147483648"),
        ("-1", "1", "2027"),
    ],
)
def test_a_date_that_is_none_keeps_its_three_boxes(sent, typed):
    form = sent(starts=typed)
    assert not form.validate()
    assert form.starts.errors[0] == "Enter a real date, like 27 3 2027"
    values = re.findall(r'name="starts"[^>]*?value="([^"]*)"', drawn(form.starts))
    assert values == list(typed)


def test_a_missing_date_asks_for_it(sent):
    form = sent(starts=("", "", ""))
    form.validate()
    assert form.starts.errors[0] == "Enter the first date"


def test_a_wrong_number_of_date_fields_is_not_a_server_error(sent):
    assert sent(starts=("1", "2")).validate() is False
    assert sent(starts=("1", "2", "2027", "4")).validate() is False
    assert sent(starts=()).validate() is False


def test_the_summary_leads_to_the_box_to_type_in(sent):
    form = sent(starts=("31", "2", "2027"), phone="1", reach="")
    form.validate()
    form.add_error("This place has gone. We can keep the next for you.")
    summary = form_errors(form)
    assert summary["titleText"] == "There is a problem"
    assert [error.get("href") for error in summary["errorList"]] == ["#phone", "#starts-day", "#reach", None]
    page = "".join(drawn(field) for field in form)
    for error in summary["errorList"]:
        if "href" in error:
            target = error["href"][1:]
            assert re.search(rf'<(input|select|textarea)[^>]* id="{target}"', page), target


def test_no_box_is_required_by_the_browser_or_cut_by_it(sent):
    page = "".join(drawn(field) for field in sent())
    assert not re.search(r"\s(required|maxlength|minlength)\b", page)


def test_names_may_be_in_any_script(sent):
    for name in ("Şükrü", "মীনা", "محمد", "O’Brien-Łukasz"):
        form = sent(name=name)
        assert form.validate()
        assert form.name.data == name


def test_markup_that_somebody_types_stays_text(sent):
    form = sent(name="<b>bold</b>", story="</textarea><script>")
    form.validate()
    assert "<b>" not in str(form.name())
    assert "<script>" not in str(form.story())


def test_a_password_never_comes_back(sent):
    form = sent(name="")
    form.validate()
    assert GOOD["secret"] not in drawn(form.secret)
    assert 'autocomplete="new-password"' in drawn(form.secret)


def test_hints_and_the_way_out_of_an_answer_are_drawn(sent):
    page = drawn(sent().reach)
    assert "Up to 160 letters" in page
    assert page.index("govuk-radios__divider") < page.index("Prefer not to say")
    assert "Only when they told you" in drawn(sent().agreed)


def test_stored_values_are_written_as_people_write_them(shell_app):
    with shell_app.test_request_context():
        form = Everything(
            data={"phone": "+447700900123", "at": datetime.time(18, 30), "starts": datetime.date(2027, 3, 27)}
        )
        assert 'value="07700 900123"' in drawn(form.phone)
        assert 'value="6:30pm"' in drawn(form.at), "read again without a change it is the same"
        assert re.findall(r'value="(\d+)"', drawn(form.starts)) == ["27", "3", "2027"]


def test_an_answer_from_nought_to_ten_says_what_its_ends_mean(draw, shell_app):
    class Question(Form):
        class Meta:
            csrf = False

        answer = RadioField(
            "I feel confident",
            choices=[*((str(number), str(number)) for number in range(11)), ("skip", "Prefer not to say")],
            last_apart=True,
        )

    source = (
        '{% import "shell/macros/forms.html" as forms %}'
        '{{ forms.scale_field(form.answer, "0 Not at all true", "10 Completely true") }}'
    )
    page = " ".join(draw(source, form=Question()).split())
    assert page.count('type="radio"') == 12
    assert "wb-scale" in page
    assert page.index("0 Not at all true") < page.index("10 Completely true") < page.index('value="0"')


def test_a_field_drawn_as_the_heading_of_its_page(draw, shell_app):
    with shell_app.test_request_context():
        form = Everything()
    source = (
        '{% import "shell/macros/forms.html" as forms %}'
        "{{ forms.heading_field(form.reach) }}{{ forms.heading_field(form.name) }}"
    )
    page = " ".join(draw(source, form=form).split())
    assert page.count("<h1") == 2
    assert "How should we reach them?" in page
