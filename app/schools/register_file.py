"""Reads a file of the Department for Education's register of schools (GIAS), one row at a time.

The file is windows-1252 with 135 or more columns; UTF-8 is recognised and read too. Columns are found by
name, so their order and quoting do not matter. A file that cannot be trusted as a whole raises
RegisterFileError, whose message says what to do; a single row is never dropped for anything but its URN.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from app.schools.register_school import COLUMNS, School, read_school, tidy

#: The column that says when the Department last changed a row; a file may lack it.
CHANGED = "lastchangeddate"
_CHANGED_ON = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
#: A download's name: edubasealldata20261120.csv.
_EDITION = re.compile(r"(?<![0-9])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")


class RegisterFileError(ValueError):
    """The file cannot be used. The message says why and what to do, in plain words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its first line, URN as written, school (None: rejected), remarks in words."""

    line: int
    urn: str
    school: School | None
    remarks: tuple[str, ...]


class RegisterFile:
    """A register file that has been looked through once and found to be text with the right columns."""

    def __init__(self, path: Path) -> None:
        """Look at the file. Raises RegisterFileError when it is not a register."""
        try:
            if path.is_dir():
                raise RegisterFileError(f"{path} is a folder. Give the name of the CSV file inside it.")
            self.size = path.stat().st_size
            if not self.size:
                raise RegisterFileError(f"{path} is empty. Download it again.")
            self.path = path
            self.encoding, self._ends_with_newline = _examine(path)
            self._width, self._places = self._headings()
            self._latest_change = ""
        except FileNotFoundError:
            raise RegisterFileError(f"There is no file {path}. Check its name and folder.") from None
        except OSError as error:
            raise RegisterFileError(f"{path} cannot be read: {error.strerror}.") from None

    def _open(self) -> tuple[BinaryIO, Any]:
        raw = self.path.open("rb")
        text = io.TextIOWrapper(raw, encoding=self.encoding, errors="replace", newline="")
        return raw, csv.reader(text, strict=True)

    def _headings(self) -> tuple[int, list[int]]:
        """How many columns there are, and where each of COLUMNS is."""
        raw, reader = self._open()
        with raw:
            try:
                header: list[str] = next((cells for cells in reader if any(cells)), [])
            except csv.Error:
                header = []
        names = [tidy(name).casefold() for name in header]
        self._changed = names.index(CHANGED) if CHANGED in names else None
        return len(header), _places(header)

    @property
    def edition(self) -> date | None:
        """The day that the file is of: as its name says, else the last day on which a row in it was changed.

        None where neither is there. The second is known once the rows were read.
        """
        if (named := _EDITION.search(self.path.stem)) and (day := _day(*named.groups())):
            return day
        return _day(*self._latest_change.split("-")) if self._latest_change else None

    def rows(self, *, today: date, progress: Callable[[int, int], None] | None = None) -> Iterator[Row]:
        """Each row in turn; `progress` hears bytes read and in all. Raises RegisterFileError midway too."""
        raw, reader = self._open()
        with raw:
            try:
                yield from self._parse(reader, today, lambda: progress and progress(raw.tell(), self.size))
            except csv.Error as error:
                if "unexpected end" in str(error):
                    # Either the download stopped inside a value, or a quotation mark was never closed.
                    raise RegisterFileError(_cut_short(reader.line_num)) from None
                raise RegisterFileError(
                    f"Line {reader.line_num} is not proper CSV ({error})."
                    " Look for a quotation mark out of place there, or download the file again."
                ) from None
        if progress:
            progress(self.size, self.size)

    def _parse(self, reader: Any, today: date, tick: Callable[[], object]) -> Iterator[Row]:
        next(cells for cells in reader if any(cells))
        end, count, line, last_is_short = reader.line_num, 0, 0, False
        for cells in reader:
            line, end = end + 1, reader.line_num
            if not cells:
                continue
            count += 1
            if count % 500 == 0:
                tick()
            last_is_short = len(cells) < self._width
            if self._changed is not None and self._changed < len(cells):
                self._note_change(cells[self._changed])
            yield self._row(cells, line, today)
        if last_is_short and not self._ends_with_newline:
            raise RegisterFileError(_cut_short(line))
        if not count:
            raise RegisterFileError("The file has column headings but no schools. Download it again.")

    def _note_change(self, written: str) -> None:
        if found := _CHANGED_ON.fullmatch(written.strip()):
            self._latest_change = max(self._latest_change, "-".join(reversed(found.groups())))

    def _row(self, cells: list[str], line: int, today: date) -> Row:
        values = [cells[place] if place < len(cells) else "" for place in self._places]
        urn = values[0].strip()
        if not re.fullmatch(r"[1-9][0-9]{5}", urn):
            shown = f"“{tidy(urn)[:40]}” is not a URN" if urn else "There is no URN"
            return Row(line, urn[:40], None, (f"{shown}: it must be six digits, the first not 0.",))
        remarks: list[str] = []
        if len(cells) < self._width or any(cells[self._width :]):
            remarks.append(
                f"It has {len(cells)} values for {self._width} columns; some may be in the wrong place."
            )
        return Row(line, urn, read_school(values, today, remarks), tuple(remarks))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):  # the second for a number that no calendar has room for
        return None


def _cut_short(line: int) -> str:
    return f"The file breaks off in line {line}. The download was probably interrupted: download it again."


def _examine(path: Path) -> tuple[str, bool]:
    """The file's encoding, and whether it ends with a line end. Raises RegisterFileError if not text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid_utf8 = True
    last = b""
    with path.open("rb") as raw:
        start = raw.read(4)
        if start.startswith(b"PK\x03\x04"):
            raise RegisterFileError(
                "This is a zip or Excel file. Unpack it, or save it as CSV, and give that file."
            )
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise RegisterFileError(
                "This file is saved as UTF-16 (“Unicode text”). Save it as “CSV UTF-8” instead."
            )
        marked = start.startswith(codecs.BOM_UTF8)
        raw.seek(0)
        line = 1
        while block := raw.read(1 << 20):
            if b"\0" in block:
                line += block[: block.index(b"\0")].count(b"\n")
                raise RegisterFileError(
                    f"Line {line} holds zero bytes, so this is not a plain CSV file. Download it again."
                )
            line += block.count(b"\n")
            last = block[-1:]
            if valid_utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid_utf8 = False
        if valid_utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                valid_utf8 = False
    if marked and not valid_utf8:
        raise RegisterFileError(
            "The file says that it is UTF-8 but is not. Download it again, or save it as CSV UTF-8."
        )
    return ("utf-8-sig" if valid_utf8 else "cp1252"), last in (b"\n", b"\r")


def _places(header: list[str]) -> list[int]:
    """Where each of COLUMNS is. Raises RegisterFileError naming what is missing and what is there."""
    names = [tidy(name).casefold() for name in header]
    twice = [name for name in COLUMNS if names.count(name.casefold()) > 1]
    if twice:
        raise RegisterFileError(
            f"These columns are there twice: {', '.join(twice)}. Take the wrong ones out."
        )
    missing = [name for name in COLUMNS if name.casefold() not in names]
    if not missing:
        return [names.index(name.casefold()) for name in COLUMNS]
    found = [name for name in COLUMNS if name not in missing]
    if not found:
        hint = ""
        if len(header) == 1:
            hint = next(
                (
                    f" Its values are parted by {word}: save it with commas."
                    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "upright lines"))
                    if sign in header[0]
                ),
                "",
            )
        raise RegisterFileError(
            "This is not a file of the school register: its first line has none of the column names."
            f"{hint} Download “Establishment fields CSV” from Get Information about Schools."
        )
    raise RegisterFileError(
        f"The file lacks these columns: {', '.join(missing)}. Found: {', '.join(found)}."
        " Download it again without leaving columns out."
    )
