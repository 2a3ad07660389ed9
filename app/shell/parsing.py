"""What people type, read kindly: telephone numbers, times of day, dates; and names as people list them."""

import datetime
import unicodedata
from collections.abc import Sequence

import phonenumbers
from babel.lists import format_list

from infra.recipients import Unusable as Unusable
from infra.recipients import email_address, our_digits, phone_number

#: Letters that change how others join; all other signs that nobody sees are slips of a keyboard or a trick.
_JOINERS = "\u200c\u200d"
#: Control characters that Python takes for spaces; nobody types them.
_BREAKS = frozenset("\x1c\x1d\x1e\x1f\x85")
_TITLES = frozenset(
    ("dr", "fr", "imam", "miss", "mr", "mrs", "ms", "mx", "prof", "rabbi", "rev", "sir", "sr")
)


def normal_email(typed: str) -> str:
    """The address in the one form in which it is kept and compared: small letters, as accounts have it.

    Raises Unusable, a ValueError, for what GOV.UK Notify does not send to. Nothing is looked up: whether a message
    arrives shows when it is sent.
    """
    return email_address(typed)


def normal_phone(typed: str, *, mobile: bool = False) -> str:
    """The number in E.164, the one form in which it is kept and compared.

    Raises Unusable, a ValueError, for anything that cannot be called, or that GOV.UK Notify does not text if `mobile`.
    """
    return phone_number(typed, texted=mobile)


def plain_name(typed: str) -> str:
    """A name as it was typed, in any script, without what nobody sees and with single spaces."""
    kept = (
        sign
        for sign in unicodedata.normalize("NFC", typed)
        if (unicodedata.category(sign) != "Cf" or sign in _JOINERS) and sign not in _BREAKS
    )
    return " ".join("".join(kept).split()).strip(_JOINERS)


def full_name(first: str, last: str) -> str:
    """Both names, or the only one that somebody has."""
    return f"{first} {last}".strip()


def given_name(name: str) -> str:
    """What to call somebody of whom we know the whole name: its first word that is no title."""
    words = name.split()
    return next((word for word in words if word.lower().rstrip(".") not in _TITLES), name)


def readable_phone(number: str) -> str:
    """A stored number as people write it: British ones without the country, others with it."""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return number
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        parsed, formats.NATIONAL if parsed.country_code == 44 else formats.INTERNATIONAL
    )


#: Hours at which people meet when nothing else is said: from eight to nine in the evening.
_DAY = range(8, 21)


class MorningOrEvening(ValueError):
    """A time that could be either; `hour` as it was typed."""

    def __init__(self, hour: int) -> None:
        super().__init__("morning or evening")
        self.hour = hour


def parse_time(typed: str, near: datetime.time | None = None) -> datetime.time:
    """Read 6pm, 6.30pm, 6:30 PM, 18:30, 1830 or noon. Raises ValueError for anything else.

    An hour from 1 to 11 that says neither am nor pm is read near `near`, when something is known to be then; else
    within the day. Raises MorningOrEvening where it could well be both.
    """
    # "6pm." ends a sentence.
    text = our_digits(typed).strip().lower().rstrip(".").replace(".", ":").replace(" ", "")
    if text in ("noon", "midday"):
        return datetime.time(12)
    half = None
    for ending, name in (("am", "am"), ("pm", "pm"), ("a:m", "am"), ("p:m", "pm")):
        if text.endswith(ending):
            text, half = text.removesuffix(ending), name
            break
    if ":" not in text and len(text) in (3, 4):
        text = f"{text[:-2]}:{text[-2:]}"
    hours_text, _, minutes_text = text.partition(":")
    if not (hours_text.isascii() and hours_text.isdigit() and (minutes_text or "0").isdigit()):
        raise ValueError("not a time")
    if max(len(hours_text), len(minutes_text)) > 2:  # a number that no clock has room for
        raise ValueError("not a time")
    hours, minutes = int(hours_text), int(minutes_text or 0)
    if half and not 1 <= hours <= 12:
        raise ValueError("not a time")
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    elif 1 <= hours <= 11:
        hours = _which_half(datetime.time(hours, minutes), near)
    return datetime.time(hours, minutes)


def _which_half(typed: datetime.time, near: datetime.time | None) -> int:
    """The hour that was meant by one without am or pm: less than three hours from `near`, or the one by day."""
    both = (typed.hour, typed.hour + 12)
    if near is not None:
        at = near.hour * 60 + near.minute
        for hour in both:
            if abs(hour * 60 + typed.minute - at) < 180:
                return hour
    by_day = [hour for hour in both if hour in _DAY]
    if len(by_day) > 1:
        raise MorningOrEvening(typed.hour)
    return by_day[0]


def full_year(typed: str) -> int:
    """A year in four digits, 1900 to 2100. Raises ValueError."""
    year = int(typed)
    if len(typed) != 4 or not 1900 <= year <= 2100:
        raise ValueError("not a year in four digits")
    return year


def real_day(day: str, month: str, year: str) -> datetime.date:
    """A day of 1900 to 2100 from what was typed or sent for its three parts. Raises ValueError, and nothing else."""
    try:
        return datetime.date(full_year(year), month_number(month), int(day))
    except OverflowError:  # a number that no calendar has room for
        raise ValueError("no such day") from None


def month_number(typed: str) -> int:
    """A month by number or by (the start of) its English name. Raises ValueError."""
    names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    start = typed[:3].lower()
    return names.index(start) + 1 if start in names else int(typed)


def whole_number(typed: str, lowest: int, highest: int) -> int:
    """A whole number between two others, thousands commas allowed. Raises ValueError."""
    digits = our_digits(typed).replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:
        raise ValueError("not a whole number")
    number = int(digits)
    if not lowest <= number <= highest:
        raise ValueError("out of range")
    return number


def listed(names: Sequence[str]) -> str:
    """`Ada, Bo and Cem`; empty for none."""
    return format_list(list(names), locale="en_GB")


def either(names: Sequence[str]) -> str:
    """`Ada, Bo or Cem`; empty for none."""
    return format_list(list(names), style="or", locale="en_GB")
