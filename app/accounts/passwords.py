"""Passwords of people at work: long, not a common one, kept as Argon2id. Any letters, pasted or typed, up to 200."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext

from app.accounts.common_words import COMMON
from infra.recipients import our_digits

#: A second factor stands beside every password (ASVS 5.0, 6.2.1); the page suggests three words, so 15 or more.
SHORTEST = 12
#: So many people at work at most share an address (`identity.new_at_work`).
SHARERS = 4
#: Fewer different letters than this is a pattern: "abababababab".
FEWEST_LETTERS = 5

_LOOKALIKES = str.maketrans(
    {"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"}
)

#: The least that OWASP's Password Storage Cheat Sheet asks of Argon2id. A second factor stands beside every password,
#: and a try is four hashes (`SHARERS`): with more, a few strangers' tries would keep every page waiting.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The Argon2id hash to keep."""
    return _hasher.hash(_bytes(password))


def is_password(stored: str | None, typed: str) -> bool:
    """Whether `typed` is the password behind `stored`. Takes as long for nobody (None) as for somebody."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), _bytes(typed)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def plain_pin(typed: str) -> str:
    """A PIN as it is compared: our digits, whatever keyboard they come from, no spaces."""
    return our_digits(typed).replace(" ", "")


def is_costly(stored: str) -> bool:
    """Whether a right password's hash was made at another cost than today's, and is to be made anew."""
    return _hasher.check_needs_rehash(stored)


def which_password(stored: Sequence[str], typed: str, *, places: int) -> int | None:
    """Which of the passwords behind `stored` `typed` is; None for none, and where it is two people's.

    Takes as long for nobody as for `places` people, who are the most there are.
    """
    right = _right(stored, typed, places)
    return right.index(True) if sum(right) == 1 else None


def is_one_of(stored: Sequence[str], typed: str, *, places: int) -> bool:
    """Whether `typed` is one of the passwords behind `stored`. Takes as long as `which_password`."""
    return any(_right(stored, typed, places))


def _right(stored: Sequence[str], typed: str, places: int) -> list[bool]:
    return [is_password(stored[n] if n < len(stored) else None, typed) for n in range(places)]


def problem_with(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """What to change before `password` may be used, or None. `about`: the person's own name, email, place."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        return gettext(
            "Use at least %(n)s letters. Three words that do not belong together are easy to remember.",
            n=SHORTEST,
        )
    if len(set(plain.casefold())) < FEWEST_LETTERS or _is_run(plain.casefold()):
        return gettext("This password is easy to guess. Try three words that do not belong together.")
    core = _core(plain)
    if core in COMMON or _halves(core) & COMMON:
        return gettext("Many people use this password. Try three words that do not belong together.")
    own = {word for text in about for word in (_core(text), _core(text.partition("@")[0]))} - {""}
    if core in own or (not core and plain in about):
        return gettext("Do not use your own name or email address as your password.")
    return None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password, and nobody ever will")


def _normal(password: str) -> str:
    # The same letters, however a keyboard puts accents together.
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _core(text: str) -> str:
    """The letters of a password, with its disguises and the figures round it taken off."""
    bare = text.casefold().strip("0123456789 !?.,;:-_*#+=&%£$€()[]{}<>/\\'\"@^~|")
    return "".join(letter for letter in bare.translate(_LOOKALIKES) if letter.isalpha())


def _halves(core: str) -> set[str]:
    """The word that `core` repeats, if it does: "passwordpassword"."""
    return {
        core[:length]
        for length in range(4, len(core) // 2 + 1)
        if core == core[:length] * (len(core) // length)
    }


def _is_run(text: str) -> bool:
    """Whether every letter follows from the one before: "123456789012", "abcdefghijkl"."""
    steps = {
        (ord(after) - ord(before)) % (10 if before.isdigit() and after.isdigit() else 1000)
        for before, after in pairwise(text)
    }
    return len(steps) == 1
