"""The macros that draw GOV.UK Frontend agree with the stylesheet and script that we build.

Styles come from npm, macros from PyPI, by different people at different times. GOV.UK Frontend publishes examples for
every component: options in, HTML out. What differs is named here; an upgrade of either side shows up as a difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import html5lib
import pytest

FIXTURES = Path(__file__).parents[3] / "build" / "govuk-fixtures"

#: Components that pages use, and how many examples use options newer than the macros. We give none of these.
USED = {
    "back-link": 0,
    "breadcrumbs": 0,
    "button": 1,
    "character-count": 10,
    "checkboxes": 0,
    "date-input": 36,
    "details": 0,
    "error-message": 0,
    "error-summary": 0,
    "exit-this-page": 0,
    "fieldset": 0,
    "file-upload": 0,
    "hint": 0,
    "input": 0,
    "label": 0,
    "notification-banner": 0,
    "pagination": 0,
    "password-input": 0,
    "radios": 0,
    "select": 0,
    "summary-list": 0,
    "task-list": 0,
    "textarea": 0,
}


def tree(html: str) -> list:
    """The elements, attributes and words of a fragment, without the blank space between."""

    def plain(node) -> list:
        parts: list[Any] = [" ".join((node.text or "").split())]
        for child in node:
            if isinstance(child.tag, str):
                attributes = {name: " ".join(value.split()) for name, value in child.attrib.items()}
                parts.append([child.tag, attributes, plain(child)])
            parts.append(" ".join((child.tail or "").split()))
        return [part for part in parts if part]

    return plain(html5lib.parseFragment(html, namespaceHTMLElements=False))


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="no GOV.UK fixtures: they come with an editable install")
@pytest.mark.parametrize("component", USED)
def test_macro_draws_what_the_stylesheet_expects(component, draw):
    macro = "govuk" + component.title().replace("-", "")
    source = (
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {macro} %}}'
        f"{{{{ {macro}(params) }}}}"
    )
    examples = json.loads((FIXTURES / f"{component}.json").read_text(encoding="utf-8"))["fixtures"]
    different = [
        example["name"]
        for example in examples
        if tree(draw(source, params=example["options"])) != tree(example["html"])
    ]
    assert len(different) == USED[component], different
