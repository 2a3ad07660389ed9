"""A button of a page, pressed as a browser would."""

from __future__ import annotations

import re
from typing import Any


def press(client: Any, page: Any, ending: str, **data: str) -> Any:
    """Press the button on `page` whose address ends so."""
    action, form = next(
        (action, form)
        for form in re.findall(r'<form method="post".*?</form>', page.text, re.DOTALL)
        for action in re.findall(r'action="([^"]+)"', form)
        if action.split("?")[0].endswith(ending)
    )
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return client.post(action.replace("&amp;", "&"), data=hidden | data, follow_redirects=True)
