"""The extensions, made once; `create_app` ties them to an application."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, DateTime, Engine, MetaData
from sqlalchemy.orm import DeclarativeBase, registry

from infra.visitors import line_of
from tenants.session import ScopedSession


class RequestSession(ScopedSession, FlaskSession):
    """The session of one web request: it serves the person who asked, and no one else."""

    _whole: Engine | Connection | None = None

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Any = None, **options: Any
    ) -> Engine | Connection:
        """The one database that there is: Flask-SQLAlchemy looks for it anew at every statement."""
        if bind is not None:
            return super().get_bind(mapper, clause, bind, **options)
        if self._whole is None:
            self._whole = super().get_bind(mapper, clause, bind, **options)
        return self._whole


if TYPE_CHECKING:

    class SessionOfRequest(RequestSession):
        """`db.session`: the session of this request, and called, that session itself."""

        def __call__(self) -> RequestSession: ...

        def remove(self) -> None: ...


class Base(DeclarativeBase):
    registry = registry(
        # A moment carries its zone; without this the driver is told to drop it.
        type_annotation_map={datetime: DateTime(timezone=True)},
        metadata=MetaData(
            naming_convention={
                "ix": "%(table_name)s_%(column_0_N_name)s",
                "uq": "%(table_name)s_%(column_0_N_name)s_once",
                "ck": "%(table_name)s_%(constraint_name)s",
                "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
                "pk": "%(table_name)s_pkey",
            }
        ),
    )


class Database(SQLAlchemy):
    """As Flask-SQLAlchemy's; its session of the request is used as what it stands for."""

    if TYPE_CHECKING:
        session: SessionOfRequest  # type: ignore[assignment]


db = Database(model_class=Base, session_options={"class_": RequestSession, "expire_on_commit": False})
login_manager = LoginManager()
babel = Babel()


def hashed(who: str) -> str:
    """`who` under the service's key: limits of traffic tell people apart and need not know them."""
    return hmac.new(str(current_app.secret_key).encode(), who.encode(), sha256).hexdigest()[:32]


def where_from() -> str:
    """From where a request comes, as the limits' storage may hold it."""
    return hashed(line_of(get_remote_address()))


limiter = Limiter(key_func=where_from, in_memory_fallback_enabled=True, headers_enabled=False)
