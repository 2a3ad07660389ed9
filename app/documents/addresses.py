"""What is an address, in a text or a value of an uploaded file, and which addresses somebody may press."""

import re

#: Wherever it stands: a scheme with slashes, a share, a drive, or a scheme that programs act upon without slashes.
#: None of it is tried at every letter of a long word, which takes the square of its length.
_ANYWHERE = re.compile(
    r"(?i)[a-z0-9+.-]:(//|\\\\)|\\\\[^\\\s]|(?:^|[\"'(=])\s*//[^/\s]|(?:^|[\s\"'(=;])[a-z]:[\\/]"
    r"|\b(javascript|vbscript|livescript|file|mhtml|mailto|tel|cid|ftp|about|wordml|ms-[a-z-]{1,40})\s*:"
    r"|\bdata:[a-z]{1,40}/[a-z0-9.+-]{1,80}[;,]"
)
#: A value that begins with any scheme, known or not.
_SCHEME_FIRST = re.compile(r"(?i)\s*[a-z][a-z0-9+.-]+:\S")
_NAME_ONLY = re.compile(r"(?i)\s*urn:")
_PAGE = re.compile(r"(?i)\b(https?://|mailto:|tel:)[^\\\s]")
_PRESSED = re.compile(r"(?i)\s*(https?://|mailto:|tel:|#)[^\\\s]")


def holds_address(value: str) -> bool:
    """Whether a program could find an address in this."""
    return bool(_ANYWHERE.search(value))


def begins_with_scheme(value: str) -> bool:
    """Whether this, as a whole, could be an address. `urn:` names something and leads nowhere."""
    return bool(_SCHEME_FIRST.match(value)) and not _NAME_ONLY.match(value)


def may_be_pressed(value: str) -> bool:
    """Whether this leads to a web page, an email address, a phone number or a place in the file, and nowhere else."""
    return bool(_PRESSED.match(value)) and "\\" not in value


def holds_only_pages(value: str) -> bool:
    """Whether every address in this is one of a web page, an email address or a phone number."""
    return not holds_address(_PAGE.sub(" ", value))
