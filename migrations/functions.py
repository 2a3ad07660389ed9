"""How revisions write a function that runs with its owner's rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alembic import op

WEB = ("wb_web",)
SIGNIN = ("wb_signin",)
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


def install(functions: Iterable[Function]) -> None:
    """Create these identity functions, owned by wb_identity, for their roles and for nobody else."""
    for function in functions:
        op.execute(function.create)
        op.execute(f"alter function identity.{function.signature} owner to wb_identity")
        if not function.roles:
            continue  # for other functions of the same owner
        # Granted by its new owner: what wb_owner grants itself is lost when the function changes hands.
        op.execute("set local role wb_identity")
        op.execute(f"grant execute on function identity.{function.signature} to {', '.join(function.roles)}")
        op.execute("reset role")


def replace(functions: Iterable[Function]) -> None:
    """Write these identity functions anew, as their owner; who may call them stays."""
    op.execute("set local role wb_identity")
    for function in functions:
        op.execute(function.create.replace("create function", "create or replace function", 1))
    op.execute("reset role")


def move(signatures: Iterable[str], *, giver: str, taker: str) -> None:
    """Let `taker` call these identity functions in the place of `giver`."""
    op.execute("set local role wb_identity")
    for signature in signatures:
        op.execute(f"revoke execute on function identity.{signature} from {giver}")
        op.execute(f"grant execute on function identity.{signature} to {taker}")
    op.execute("reset role")


def drop(signatures: Iterable[str]) -> None:
    """Take these identity functions away, as their owner."""
    op.execute("set local role wb_identity")
    for signature in signatures:
        op.execute(f"drop function identity.{signature}")
    op.execute("reset role")
