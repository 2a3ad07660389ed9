"""Who may open the public pages."""

from __future__ import annotations

from app.identity.roles import EVERYBODY, Role

ACCESS: dict[str, frozenset[Role | None]] = dict.fromkeys(
    (
        "static",
        "shell.healthz",
        "shell.readyz",
        "shell.theme",
        "shell.landing",
        "shell.brief",
        "shell.help_page",
        "shell.privacy",
        "shell.who_can_see",
        "shell.accessibility",
        "shell.staying_safe",
        "shell.contact",
        "shell.cookies",
        "shell.leave",
    ),
    EVERYBODY,
)
