"""Whether a link or an address stands in what somebody wrote to others in the name of a school or a council."""

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


def has_link(words: str) -> bool:
    """Also in capitals, and with another script's full stop."""
    return bool(_LINK.search(words.translate(_STOPS).casefold()))
