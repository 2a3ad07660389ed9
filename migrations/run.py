"""Run the numbered revisions. Two starters at once wait for each other; a lock that is held stops us early."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from infra.database import sqlalchemy_url

HERE = Path(__file__).parent
ADVISORY_LOCK = 7_204_711
#: Before every revision: whoever works is never kept waiting behind an upgrade that waits.
LOCK_TIMEOUT = "set lock_timeout = '4s'"


def alembic_config() -> Config:
    """Where the revisions stand. Without a connection in its attributes, they are written out as SQL."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_path_separator", "os")
    return config


def head() -> str:
    """The number of the newest revision that this code knows."""
    found = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if found is None:
        raise RuntimeError("no migrations were found beside the code")
    return found


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the database at `owner_url` to `revision`, in one transaction per revision."""
    # No pool: the lock goes with its connection, also when a revision is refused.
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    config = alembic_config()
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text(LOCK_TIMEOUT))
        connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
