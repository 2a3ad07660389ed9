"""`python -m migrations`: bring the database to the newest revision, as the owner role."""

from __future__ import annotations

import sys

from infra.settings import SettingsError, load_settings
from migrations.run import upgrade

if __name__ == "__main__":
    try:
        upgrade(load_settings().secret("database_owner_url"))
    except SettingsError as error:
        sys.exit(str(error))
