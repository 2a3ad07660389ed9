"""The demo's published history: one release published, one in draft, from the real roll-up and nothing else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.outcomes.models import CohortSummary, Release
from app.outcomes.rollup import add_up_due, list_windows
from app.outcomes.services import build_release, publish_release
from demo.keys import made_id
from demo.plan import EASTMERE
from infra.database import make_engine
from infra.logs import get_logger
from infra.settings import Settings, SettingsError
from tenants.scope import Audience, Scope
from tenants.session import ScopedSession

log = get_logger()


def build_history(settings: Settings) -> None:
    """Add up every closed group and publish the term before last, through the services of `app.outcomes`.

    Called after each load of the demo, also when the borough was there already, so it must do nothing the
    second time. It finds `rollup_due` and `activity_due` filled for every closed group and every school. It
    raises nothing: the demo starts without releases when they cannot be made.
    """
    try:
        engine = make_engine(settings.secret("database_rollup_url"))
    except SettingsError:
        return
    authority_id = made_id("authority", EASTMERE.la_code)
    try:
        add_up_due(engine)
        with ScopedSession(engine, scope=Scope(Audience.ROLLUP, authority_id)) as session:
            if session.scalar(select(Release.id).where(Release.authority_id == authority_id).limit(1)):
                return
            keys = set(
                session.scalars(
                    select(CohortSummary.window_key).where(CohortSummary.authority_id == authority_id)
                )
            )
            windows = list_windows(session, authority_id)
            last = [found.window.id for found in windows if found.window.id in keys][-2:]
            for key, is_public in zip(last, (True, False), strict=False):
                made = build_release(session, authority_id, key, EASTMERE.officers[0].name, windows=windows)
                if is_public and made.state == "draft":
                    by = EASTMERE.officers[0].name
                    publish_release(session, authority_id, made.id, windows=windows, approved_by=by)
            session.commit()
    except SQLAlchemyError as error:
        log.error("demo_history_not_made", exc_info=error)
    finally:
        engine.dispose()
