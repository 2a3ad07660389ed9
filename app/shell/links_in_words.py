"""Whether a link, an address or a phone number stands in what somebody wrote to others in the name of a school or a
council."""

from __future__ import annotations

import re

_ENDINGS = "com|net|org|uk|co|ly|io|biz|xyz|info|site|online"
#: As people type them: with their scheme, with www, as name.tld; an email address is one too. Also with spaces around
#: the dot or the dot in words, where what follows is an ending and begins no sentence: evil . com, evil dot com. A dot
#: in brackets (evil (dot) example) is never meant as anything else.
_LINK = re.compile(
    r"://|\bwww\.|@|\w\.[^\W\d_]{2,}|\w\s*\.\s*(?:com|net|org|uk|ly|io|biz|xyz)\b"
    rf"|\w\s*[(\[{{]\s*(?:dot|\.)\s*[)\]}}]\s*[^\W\d_]{{2,}}|\w\s+dot\s+(?:{_ENDINGS})\b"
)
#: What browsers take for a full stop.
_STOPS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": ".", "\u2024": "."})


#: A day with figures, or an hour, or from one to another, where no more figures hang on them.
_DAY = r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])(?:[./-](?:\d\d){1,2})?"
_HOUR = r"(?:[01]?\d|2[0-3])[.:][0-5]\d"
_WHEN = re.compile(
    rf"(?<![\d.:/])(?<!\d-)(?:{_DAY}|{_HOUR})(?:\.?\s?[-\u2013]\s?(?:{_DAY}|{_HOUR}))?(?![.:/-]?\d)"
)
#: So many figures with few signs between them, however a number is written: 07700 900 123, 07700.900.123, 07700/900123;
#: and 946 012 as neighbours dial it. In a list of rooms a comma and a space stand between, with no nought before them.
_NUMBER = re.compile(
    r"(?<!\d)[1-9]\d\d[ .]?\d{3}(?!\d)|\d(?:(?!\W*[,;]\s)[\W_]{0,3}\d){6,}|\b0(?:[\W_]{0,3}\d){9,}"
)


def has_number(words: str) -> bool:
    """Whether somebody could dial something in them; days and hours are none."""
    return bool(_NUMBER.search(_WHEN.sub("x", words)))


def has_link(words: str) -> bool:
    """Also in capitals, and with another script's full stop."""
    return bool(_LINK.search(words.translate(_STOPS).casefold()))
