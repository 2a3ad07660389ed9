"""Whom Notify sends to, by what it publishes of its own checks; refused when typed, and by the mailbox alike."""

from __future__ import annotations

import pytest

from demo.mailbox.notify import _recipient
from infra.recipients import Unusable, email_address, phone_number

GOOD_EMAILS = [
    "email@domain.com",
    "email@domain.COM",
    "firstname.lastname@domain.com",
    "firstname.o'lastname@domain.com",
    "email@subdomain.domain.com",
    "firstname+lastname@domain.com",
    "1234567890@domain.com",
    "email@domain-one.com",
    "_______@domain.com",
    "email@domain.name",
    "email@domain.superlongtld",
    "email@domain.co.jp",
    "firstname-lastname@domain.com",
    "info@german-financial-services.vermögensberatung",
    "info@german-financial-services.reallylongarbitrarytldthatiswaytoohugejustincase",
    "japanese-info@例え.テスト",
    "email@double--hyphen.com",
]
BAD_EMAILS = [
    "email@123.123.123.123",
    "email@[123.123.123.123]",
    "plainaddress",
    "@no-local-part.com",
    "Outlook Contact <outlook-contact@domain.com>",
    "no-at.domain.com",
    "no-tld@domain",
    ";beginning-semicolon@domain.co.uk",
    "middle-semicolon@domain.co;uk",
    "trailing-semicolon@domain.com;",
    '"email+leading-quotes@domain.com',
    'email+middle"-quotes@domain.com',
    '"quoted-local-part"@domain.com',
    '"quoted@domain.com"',
    "lots-of-dots@domain..gov..uk",
    "two-dots..in-local@domain.com",
    "multiple@domains@domain.com",
    "spaces in local@domain.com",
    "spaces-in-domain@dom ain.com",
    "underscores-in-domain@dom_ain.com",
    "pipe-in-domain@example.com|gov.uk",
    "comma,in-local@gov.uk",
    "comma-in-domain@domain,gov.uk",
    "pound-sign-in-local£@domain.com",
    "local-with-”-quotes@domain.com",
    "domain-starts-with-a-dot@.domain.com",
    "brackets(in)local@domain.com",
    f"email-too-long-{'a' * 320}@example.com",
    "incorrect-punycode@xn---something.com",
    # accepted by Notify at first, and sent back by every mail server
    ".dot-first@domain.com",
    "dot-last.@domain.com",
    f"{'a' * 65}@domain.com",
    # neighbours
    "",
    "@",
    "a@",
    "a@b@",
    "ayşe@example.org",
    "a@example.c",
    "a@example.org.",
    "a@exam\x00ple",
    "a@-example.org",
    "a@example.org/x",
]
GOOD_MOBILES = [
    "7723456789",
    "07723456789",
    "07723 456789",
    "07723-456-789",
    "00447723456789",
    "00 44 7723456789",
    "+447723456789",
    "+44 7723 456 789",
    "+44 (0)7723 456 789",
    "\u200b\t\t+44 (0)7723 456 789\ufeff \r\n",
    # near enough to be meant
    "0+447723456789",
    "000007723456789",
    "+07723456789",
    "0+44(0)7723456789",
    # as people write them elsewhere
    "٠٧٧٢٣ ٤٥٦٧٨٩",
    "０７７２３４５６７８９",
    "07723.456.789",
    "tel:07723456789",
    "07723–456–789",
]
GOOD_ABROAD = {
    "+7 (8) (495) 123-45-67": "+74951234567",
    "007 (8) (495) 123-45-67": "+74951234567",
    "784951234567": "+74951234567",
    "1-202-555-0104": "+12025550104",
    "1‑202–555—010−4": "+12025550104",
    "+0012025550104": "+12025550104",
    "230 5 2512345": "+23052512345",
    "+682 50 123": "+68250123",
    "0033122334455": "+33122334455",
    "+43 676 111 222 333 4": "+436761112223334",
    "20-12-1234-1234": "+201212341234",
    "16644913789": "+16644913789",
    "+447797292290": "+447797292290",
    "+380 50 123 4567": "+380501234567",
    "+90 532 123 45 67": "+905321234567",
}
NOT_TEXTED = [
    "0117 496 0860",
    "0044 117 496 0860",
    "016064 1234",
    "020 7946 0991",
    "030 1234 5678",
    "0550 123 4567",
    "0900 123 4567",
    "0808 2000 247",
    "070 1234 5678",
]
BAD_PHONES = {
    "0772345678910": "number",
    "0044772345678910": "many",
    "+44 (0)7723 456 789 10": "number",
    "0772345678": "number",
    "07700 901 0001": "number",  # a digit too many is not a number in Kazakhstan
    "00447723456": "number",
    "07890x32109": "words",
    "07723 ☟☜⬇⬆☞☝": "signs",
    '07";DROP TABLE;"': "words",
    "+44 07ab cde fgh": "words",
    "ALPHANUM3R1C": "words",
    "079OO900123": "words",
    "80100000000": "number",
    "1234567": "number",
    "+682 1234": "number",
    "+12345 12345 12345 6": "many",
    "0033877123456": "number",
    "0400 123 4567": "number",
    "0600 123 4567": "number",
    "0300 46 46": "number",
    "0800 11 12": "number",
    "999": "number",
    "": "none",
    "--": "none",
    "+": "none",
    "+8816 1234 5678": "country",
    # words, an extension, two numbers
    "07700 900201 ask for Mum": "words",
    "07700 900201 ext 4": "words",
    "07700 900201 x4": "words",
    "mum 07700 900201": "words",
    "07700 900201 спросить маму": "words",
    "07700 900201#4": "signs",
    "07700900201 / 07700900202": "many",
    "07700900201, 07700900202": "many",
    "07700 900201 or 07700 900202": "words",
    "07700 900201 07700 900202": "many",
}


@pytest.mark.parametrize("typed", GOOD_EMAILS)
def test_an_email_that_notify_sends_to(typed):
    kept = email_address(typed)
    assert kept == kept.lower()
    assert kept.isascii()
    assert email_address(kept) == kept
    assert email_address(f" \t{typed}\u200b ") == kept


@pytest.mark.parametrize("typed", BAD_EMAILS)
def test_an_email_that_notify_refuses(typed):
    with pytest.raises(Unusable, match="not an email address"):
        email_address(typed)
    assert _recipient("email", {"email_address": typed})[1] == "email_address Not a valid email address"


def test_a_keyboards_own_apostrophe_and_a_copied_link_are_put_right():
    assert email_address("Sinead.O’Brien@Example.org") == "sinead.o'brien@example.org"
    assert email_address("mailto:ada@example.org") == "ada@example.org"


@pytest.mark.parametrize("typed", GOOD_MOBILES)
def test_a_mobile_in_any_spelling_is_one_number(typed):
    assert phone_number(typed, texted=True) == "+447723456789"


@pytest.mark.parametrize("typed", GOOD_ABROAD)
def test_a_number_from_abroad(typed):
    assert phone_number(typed, texted=True) == GOOD_ABROAD[typed]


@pytest.mark.parametrize("typed", BAD_PHONES)
@pytest.mark.parametrize("texted", [True, False])
def test_explains_why_a_number_is_rejected(typed, texted):
    with pytest.raises(Unusable) as refused:
        phone_number(typed, texted=texted)
    assert refused.value.why == BAD_PHONES[typed]
    assert _recipient("sms", {"phone_number": typed})[1]


@pytest.mark.parametrize("typed", NOT_TEXTED)
def test_accepts_numbers_that_cannot_be_texted_for_calls(typed):
    with pytest.raises(Unusable, match="mobile"):
        phone_number(typed, texted=True)
    assert phone_number(typed, texted=False).startswith("+44")
    assert _recipient("sms", {"phone_number": typed})[1] == "phone_number Not a UK mobile number"


@pytest.mark.parametrize("typed", [*GOOD_MOBILES[:9], *GOOD_ABROAD, *NOT_TEXTED])
def test_the_one_form_is_its_own_form(typed):
    kept = phone_number(typed, texted=False)
    assert phone_number(kept, texted=False) == kept


def test_the_mailbox_takes_what_we_keep_and_its_own_test_recipients():
    for channel, field, value in (
        ("email", "email_address", "o'brien@example.org"),
        ("email", "email_address", "perm-fail@simulator.notify"),
        ("sms", "phone_number", "+447700900123"),
        ("sms", "phone_number", "447700900003"),
    ):
        assert _recipient(channel, {field: value}) == (value, None)
    # Notify takes no dots between digits; the service takes them out before it sends.
    assert (
        _recipient("sms", {"phone_number": "07700.900.123"})[1]
        == "phone_number Must not contain letters or symbols"
    )


@pytest.mark.parametrize("sign", ["1", "x", "+", " ", "a1", "1,"])
def test_very_long_input_is_rejected_without_parsing(sign):
    """A pattern's time for every pair of them would stop a web process for minutes."""
    with pytest.raises(Unusable, match="too long"):
        phone_number(sign * 10_000, texted=True)
    with pytest.raises(Unusable, match="too long"):
        email_address(f"{sign * 10_000}@example.org")
