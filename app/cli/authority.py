"""`webelong authority`: a council joins, and its first people are let in."""

from __future__ import annotations

import click

from infra.settings import load_settings


@click.group()
def authority() -> None:
    """Councils that run the programme."""


@authority.command()
@click.argument("name")
@click.option(
    "--la-code", required=True, metavar="CODE", help="The three digits of the Department for Education."
)
@click.option("--admin", required=True, metavar="EMAIL", help="Who gets the first invitation.")
@click.option("--admin-name", metavar="NAME", help="Their name; otherwise made from the email.")
def create(name: str, la_code: str, admin: str, admin_name: str | None) -> None:
    """Set up the council NAME and invite its first lead."""
    from app.message_kinds import load
    from app.schools.founding import LIFE, CannotFound, create_authority

    load()

    try:
        schools = create_authority(load_settings(), name=name, la_code=la_code, email=admin, lead=admin_name)
    except CannotFound as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"{name} is set up. An invitation to {admin} is on its way; its link works for {LIFE.days} days."
    )
    if schools:
        click.echo(f"The register has {schools:,} open schools with LA code {la_code}.")
    else:
        click.echo(
            f"The register has no school with LA code {la_code} yet: run `webelong register import FILE`."
        )
    click.echo("If no worker runs, start one with `webelong worker messages`.")


@authority.command()
@click.argument("la_code")
@click.argument("email")
@click.option("--name", metavar="NAME", help="Their name; otherwise made from the email.")
@click.option(
    "--officer", is_flag=True, help="As named officer (LADO), where nobody at the council could agree to one."
)
def invite(la_code: str, email: str, name: str | None, officer: bool) -> None:
    """Invite a lead to the council with LA_CODE: one more, again, or to set a new password."""
    from app.identity.roles import Role
    from app.message_kinds import load
    from app.schools.founding import LIFE, CannotFound, invite_lead

    load()

    role = Role.NAMED_OFFICER if officer else Role.AUTHORITY_ADMIN
    try:
        council = invite_lead(load_settings(), la_code=la_code, email=email, lead=name, role=role)
    except CannotFound as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"An invitation to {council} is on its way to {email}; its link works for {LIFE.days} days.")
