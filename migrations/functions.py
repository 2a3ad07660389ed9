"""How revisions write a function that runs with its owner's rights."""

from __future__ import annotations

from dataclasses import dataclass

WEB = ("wb_web",)
INVITERS = ("wb_authority", "wb_school")


@dataclass(frozen=True, slots=True)
class Function:
    signature: str
    roles: tuple[str, ...]
    create: str


def function(name: str, arguments: str, returns: str, body: str, roles: tuple[str, ...]) -> Function:
    """A function with its owner's rights, a fixed search path and no string-built SQL."""
    types = ", ".join(argument.split(" ", 1)[1] for argument in arguments.split(", ")) if arguments else ""
    return Function(
        signature=f"{name}({types})",
        roles=roles,
        create=(
            f"create function identity.{name}({arguments}) returns {returns} language plpgsql security definer"
            f" set search_path = pg_catalog, pg_temp as $function$\n{body}\n$function$"
        ),
    )
