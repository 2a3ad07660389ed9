"""Shows a message's words as its reader would get them: Notify's few marks, and links that work."""

import re

from markupsafe import Markup, escape

_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)|(https?://[^\s<>\"]+)")
_TRAILING = ".,;:!?)]'’”"


def linked(text: str) -> Markup:
    """The text, escaped, with every http address (and `[words](address)`) as a link."""
    pieces, end = [], 0
    for found in _LINK.finditer(text):
        pieces.append(escape(text[end : found.start()]))
        words, address, bare = found.groups()
        if bare:
            words = address = bare.rstrip(_TRAILING)
        pieces.append(Markup('<a href="{}">{}</a>').format(address, words))
        if bare:
            pieces.append(escape(bare[len(address) :]))
        end = found.end()
    pieces.append(escape(text[end:]))
    return Markup().join(pieces)


def email_body(text: str) -> Markup:
    """An email: paragraphs, `# ` headings, `* ` bullets, `1. ` steps, `^ ` set-in words, a `---` line."""
    blocks: list[tuple[str, list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        kind, words = _line(line)
        if kind in ("p", "ul", "ol") and blocks and blocks[-1][0] == kind:
            blocks[-1][1].append(words)
        else:
            blocks.append((kind, [words]))
    return Markup("\n").join(_block(kind, lines) for kind, lines in blocks if kind != "gap")


def text_body(text: str) -> Markup:
    """A text message: as typed, links working."""
    return Markup("<p>{}</p>").format(_broken(text.split("\n")))


def _line(line: str) -> tuple[str, str]:
    if not line.strip():
        return "gap", ""
    if re.fullmatch(r"\s*(-{3,}|\*{3,})\s*", line):
        return "hr", ""
    for kind, pattern in (
        ("h3", r"#{2,3}\s+(.*)"),
        ("h2", r"#\s+(.*)"),
        ("ul", r"\s*[*•-]\s+(.*)"),
        ("ol", r"\s*\d+\.\s+(.*)"),
        ("blockquote", r"\^\s*(.*)"),
    ):
        if found := re.fullmatch(pattern, line):
            return kind, found[1]
    return "p", line


def _block(kind: str, lines: list[str]) -> Markup:
    if kind == "hr":
        return Markup("<hr>")
    if kind in ("ul", "ol"):
        items = Markup().join(Markup("<li>{}</li>").format(linked(line)) for line in lines)
        return Markup(f"<{kind}>{{}}</{kind}>").format(items)  # noqa: S704 (one of two fixed names)  # nosec B704
    tag = {"h2": "h3", "h3": "h4"}.get(kind, kind)
    return Markup(f"<{tag}>{{}}</{tag}>").format(_broken(lines))  # noqa: S704 (one of a few names)  # nosec B704


def _broken(lines: list[str]) -> Markup:
    return Markup("<br>\n").join(linked(line) for line in lines)
