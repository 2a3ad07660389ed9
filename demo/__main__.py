"""`python -m demo`: load the demo borough, once, and say who can sign in, every time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from demo.accounts import list_accounts, write_accounts
from demo.loader import load
from demo.own_key import enter_key
from demo.papers import send_back_agreements
from demo.publish import build_history
from infra.settings import SettingsError, load_settings


def main() -> int:
    """Exit status: 0, or 2 with a sentence when a setting is missing."""
    try:
        settings = load_settings()
        owner_url = settings.secret("database_owner_url")
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    written = load(owner_url, secret_key=settings.secret("secret_key"))
    if written and (own_key := os.environ.get("DEMO_COUNCIL_KEY")):
        enter_key(settings, own_key)
    build_history(settings)
    send_back_agreements(settings)
    accounts = list_accounts(settings)
    if target := os.environ.get("WEBELONG_DEMO_ACCOUNTS"):
        write_accounts(Path(target), accounts)
    done = f"{sum(written.values())} rows written" if written else "it was there already"
    sys.stdout.write(f"The demo borough is ready: {done}, {len(accounts)} people to sign in as.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
