"""Is this process alive, and can it serve? Redis and storage may be away: then it says so and serves on."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from infra.redis_client import impatient
from migrations.run import head


def healthz() -> Response:
    """200 while the process answers."""
    return jsonify(status="ok")


def readyz() -> tuple[Response, int]:
    """200 when the database answers and has the newest revision; Redis and S3 are `ok` or `degraded`."""
    parts: dict[str, str] = {}
    try:
        found = db.session.execute(text("select version_num from alembic_version")).scalar_one_or_none()
        parts["database"] = "ok"
        parts["migrations"] = "ok" if found == head() else f"at {found}, the code needs {head()}"
    except SQLAlchemyError:
        parts["database"] = "down"
    settings = current_app.extensions["settings"]
    try:
        with impatient(settings.secret("redis_url")) as client:
            client.ping()
        parts["redis"] = "ok"
    except RedisError:
        parts["redis"] = "degraded"
    parts["storage"] = "ok" if current_app.extensions["storage"].healthy() else "degraded"
    ready = parts["database"] == "ok" and parts.get("migrations") == "ok"
    return jsonify(ready=ready, **parts), 200 if ready else 503
