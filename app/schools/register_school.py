"""One school of the register: what we keep of it, tidied, and how it is compared and searched for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from app.shell.searching import LONGER, PLAINER

T = TypeVar("T")

#: Schools that we make up for demonstrations have URNs from here on; the Department's are far below.
FIRST_INVENTED_URN = 990_001
CLOSED = "Closed"
PROPOSED = "Proposed to open"
_STATUS_BY_CODE = {"1": "Open", "2": CLOSED, "3": "Open, but proposed to close", "4": PROPOSED}

#: The columns that are read, by their names in the register. A file without one of them is refused:
#: reading it as blank would wipe what we hold.
COLUMNS = (
    "URN",
    "EstablishmentName",
    "LA (code)",
    "LA (name)",
    "PhaseOfEducation (name)",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (code)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "NumberOfPupils",
    "Trusts (code)",
    "Trusts (name)",
    "Federations (code)",
    "Federations (name)",
    "Street",
    "Locality",
    "Town",
    "Postcode",
    "SchoolWebsite",
    "TelephoneNum",
)


class School(NamedTuple):
    """One school as it is stored, in the order of the table's columns."""

    urn: int
    name: str
    la_code: str | None
    la_name: str | None
    phase: str | None
    establishment_type: str | None
    status: str
    street: str | None
    locality: str | None
    town: str | None
    postcode: str | None
    postcode_norm: str | None
    phone: str | None
    website: str | None
    trust_code: str | None
    trust_name: str | None
    federation_code: str | None
    federation_name: str | None
    low_age: int | None
    high_age: int | None
    pupils: int | None
    opened_on: date | None
    closed_on: date | None
    is_open: bool
    search_name: str

    def digest(self) -> bytes:
        """Sixteen bytes that differ when any stored field differs."""
        text = "\x1f".join("" if value is None else str(value) for value in self)
        return blake2b(text.encode(), digest_size=16).digest()


#: Apostrophes of every kind, as `app.shell.searching` leaves them out too.
_ABOVE_THE_LINE = re.compile("['’‘‛`´′＇\u02b0-\u02ff]")


def fold(text: str) -> str:
    """`text` for searching: lower case, without accents or punctuation, words one space apart.

    Apostrophes vanish (*St Mary's* is found as *marys*), other signs part words, *&* reads *and*,
    *saint* reads *st*.
    """
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    plain = "".join(
        PLAINER.get(letter, LONGER.get(letter, letter)) if letter.isalnum() else " "
        for letter in plain
        if not _ABOVE_THE_LINE.match(letter) and not unicodedata.combining(letter)
    )
    return " ".join("st" if word == "saint" else word for word in plain.split())


def normal_postcode(text: str) -> str:
    """A postcode, or the beginning of one, without spaces and in capitals."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def tidy(value: str) -> str:
    """`value` without signs that do not print, no-break spaces plain, blanks single."""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip(" ")
    kept = (letter if letter.isprintable() or letter.isspace() else "" for letter in value)
    return " ".join("".join(kept).split())


def _postcode(value: str) -> tuple[str | None, str | None]:
    normal = normal_postcode(value)
    if not normal:
        return None, None
    shown = f"{normal[:-3]} {normal[-3:]}" if 5 <= len(normal) <= 7 else value.upper()
    return shown, normal


def _phone(value: str) -> str | None:
    """A number as people dial it. The register's own lack the leading 0, and some begin with 44."""
    digits = re.sub(r"[^0-9]", "", value).removeprefix("00")
    if digits.startswith("44") and len(digits) > 10:
        digits = digits[2:]
    national = digits.removeprefix("0")
    return f"0{national}" if len(national) in (9, 10) and national[0] in "12378" else None


def _website(value: str) -> str | None:
    """An address that is safe to link to, or None."""
    if re.match(r"https?://[^\s/]+\.[^\s]+$", value, re.IGNORECASE):
        return value
    if re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?$", value, re.IGNORECASE):
        return f"http://{value}"
    return None


def _date(value: str) -> date | None:
    """`value` written dd-mm-yyyy, dd/mm/yyyy or yyyy-mm-dd. Raises ValueError for anything else."""
    parts = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", value)
    if parts:
        return date(int(parts[3]), int(parts[2]), int(parts[1]))
    return date.fromisoformat(value)


def _number(value: str, largest: int) -> int | None:
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > largest:
        raise ValueError(value)
    return int(value)


def _read(read: Callable[[str], T | None], value: str, what: str, remarks: list[str]) -> T | None:
    """`value` read, or None with a remark when it cannot be."""
    if not value:
        return None
    try:
        found = read(value)
    except ValueError:
        found = None
    if found is None:
        remarks.append(f"{what} “{value[:40]}” was not understood and is left out.")
    return found


def _status(code: str, name: str, closed_on: date | None, today: date, remarks: list[str]) -> str:
    """What the school's status is. Its code, its words or a close date that has come each close it."""
    says_closed = [code.lstrip("0") == "2", name.casefold().startswith("closed")]
    given = [says_closed[0]] if code else []
    given += [says_closed[1]] if name else []
    if any(given):
        if not all(given):
            remarks.append(
                f"The status code {code} and the words “{name[:40]}” disagree; it is taken as closed."
            )
        return CLOSED
    if closed_on is not None and closed_on <= today:
        remarks.append(
            f"It is called “{name[:40]}” but closed on {closed_on:%d-%m-%Y}; it is taken as closed."
        )
        return CLOSED
    if not given:
        remarks.append("It has no status; it is taken as open.")
    return name or _STATUS_BY_CODE.get(code.lstrip("0"), "Not known")


def read_school(values: Sequence[str], today: date, remarks: list[str]) -> School:
    """The school in `values` (in the order of COLUMNS, the URN checked); adds what is odd to `remarks`."""
    (
        urn, name, la_code, la_name, phase, kind, status_code, status_name, opened, closed,
        low, high, pupils, trust_code, trust_name, federation_code, federation_name,
        street, locality, town, postcode, website, phone,
    ) = (tidy(value) for value in values)  # fmt: skip
    if "\ufffd" in "".join(values):
        remarks.append("A letter could not be read; it shows as �.")
    if not name:
        name = f"School {urn}"
        remarks.append(f"It has no name; it is called “{name}”.")
    closed_on = _read(_date, closed, "The close date", remarks)
    status = _status(status_code, status_name, closed_on, today, remarks)
    shown_postcode, postcode_norm = _postcode(postcode)
    return School(
        urn=int(urn),
        name=name,
        la_code=la_code or None,
        la_name=la_name or None,
        phase=phase or None,
        establishment_type=kind or None,
        status=status,
        street=street or None,
        locality=locality or None,
        town=town or None,
        postcode=shown_postcode,
        postcode_norm=postcode_norm,
        phone=_read(_phone, phone, "The telephone number", remarks),
        website=_read(_website, website, "The website", remarks),
        trust_code=trust_code or None,
        trust_name=trust_name or None,
        federation_code=federation_code or None,
        federation_name=federation_name or None,
        low_age=_read(lambda value: _number(value, 130), low, "The lowest age", remarks),
        high_age=_read(lambda value: _number(value, 130), high, "The highest age", remarks),
        pupils=_read(lambda value: _number(value, 9_999_999), pupils, "The number of pupils", remarks),
        opened_on=_read(_date, opened, "The open date", remarks),
        closed_on=closed_on,
        is_open=status not in (CLOSED, PROPOSED),
        search_name=fold(name),
    )
