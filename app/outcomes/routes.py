"""Pages of `outcomes`: results as the authority prepares them, and as commissioners read them."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.extensions import db
from app.identity.current import me
from app.outcomes import queries, services
from app.outcomes.forms import BuildForm, PublicForm, PublishForm, WithdrawForm
from app.outcomes.report import as_csv, find_report
from app.outcomes.words import NEXT, NO_FIGURES
from app.shell.as_shown import if_as_shown
from app.shell.edge import after_commit
from app.shell.errors import NotFound
from app.shell.pressing import press, submit
from app.states.releases import ReleaseState
from infra.queue import Bell, ring

blueprint = Blueprint("outcomes", __name__)
Page = str | BaseResponse


@blueprint.get("/authority/results")
def releases() -> str:
    """Terms and what became of their results."""
    authority_id = me().authority_id
    withdrawn = [
        r for r in queries.list_releases(db.session(), authority_id) if r.state == ReleaseState.WITHDRAWN
    ]
    return render_template(
        "outcomes/releases.html",
        windows=queries.list_windows(db.session(), authority_id),
        next_words=NEXT,
        withdrawn=withdrawn,
    )


@blueprint.post("/authority/results/build")
def build() -> BaseResponse:
    """Ask for the results of a term."""
    form = BuildForm()
    window = queries.get_window(db.session(), me().authority_id, form.window.data or "")
    if form.validate_on_submit():
        services.ask_for_release(db.session(), me().authority_id, window, asked_by=me().name)
        after_commit(_ring_rollup)
        flash(_("We are putting the results together. It takes a few seconds. Reload this page."), "note")
    return redirect(url_for("outcomes.releases"), 303)


@blueprint.get("/authority/results/<uuid:release_id>")
def show_release(release_id: UUID) -> str:
    """Exactly what commissioners will see, and what is against publishing it."""
    release = queries.get_release(db.session(), me().authority_id, release_id)
    shown = queries.find_shown(db.session(), me().authority_id, release_id)
    return render_template(
        "outcomes/show_release.html",
        release=release,
        report=find_report(release.payload),
        shown=shown,
        stands=services.how_it_is_shown(db.session(), me().scope, shown),
        no_figures=NO_FIGURES[release.state],
    )


@blueprint.route("/authority/results/<uuid:release_id>/public", methods=["GET", "POST"])
def show_to_everybody(release_id: UUID) -> Page:
    """Everybody may read it, without signing in: asked about by GET, done by POST; or no longer, at once."""
    form = PublicForm()
    release = queries.get_release(db.session(), me().authority_id, release_id)
    published = queries.find_shown(db.session(), me().authority_id, release_id)
    stands = services.how_it_is_shown(db.session(), me().scope, published)
    if form.validate_on_submit():
        shown = form.shown.data == "yes"
        return press(
            if_as_shown(
                partial(services.show_to_everybody, db.session(), me().authority_id, release_id, shown=shown),
                *stands,
            ),
            _("Everybody can read these results now.") if shown else _("Only commissioners read them now."),
            "outcomes.show_release",
            release_id=release_id,
        )
    if release.state != ReleaseState.PUBLISHED or published is None or published.public_at:
        return redirect(url_for("outcomes.show_release", release_id=release_id), 303)
    return render_template("outcomes/show_to_everybody.html", release=release, stands=stands)


@blueprint.route("/authority/results/<uuid:release_id>/publish", methods=["GET", "POST"])
def publish(release_id: UUID) -> Page:
    """Once more what is published and what is not, then publish."""
    release = queries.get_release(db.session(), me().authority_id, release_id)
    form = PublishForm(sha256=release.sha256)

    def approve() -> None:
        services.approve_release(db.session(), release, me().name, form.sha256.data or "")
        after_commit(_ring_rollup)

    if answer := submit(
        form,
        approve,
        _("Checked once more, the results go to the commissioners in a few seconds."),
        "outcomes.show_release",
        release_id=release_id,
    ):
        return answer
    if release.state != ReleaseState.DRAFT and not form.errors:
        return redirect(url_for("outcomes.show_release", release_id=release_id), 303)
    return render_template(
        "outcomes/publish.html", release=release, report=find_report(release.payload), form=form
    )


@blueprint.route("/authority/results/<uuid:release_id>/withdraw", methods=["GET", "POST"])
def withdraw(release_id: UUID) -> Page:
    """Take published results back."""
    release = queries.get_release(db.session(), me().authority_id, release_id)
    form = WithdrawForm()
    if release.state == ReleaseState.PUBLISHED and form.validate_on_submit():
        done = services.withdraw_release(
            db.session(), me().authority_id, release_id, reason=form.reason.data or "", by=me().name
        )
        if done is not None:
            after_commit(_ring_rollup)
            flash(_("The results are withdrawn. Commissioners see that they were, when and why."), "success")
            return redirect(url_for("outcomes.releases"), 303)
    if release.state != ReleaseState.PUBLISHED:
        if release.state == ReleaseState.WITHDRAWN and form.is_submitted():
            flash(
                _("These results have already been withdrawn. What is below was written down then."), "note"
            )
        return redirect(url_for("outcomes.show_release", release_id=release_id), 303)
    return render_template("outcomes/withdraw.html", release=release, form=form)


@blueprint.get("/published-results")
def public_results() -> str:
    """What authorities show to everybody."""
    found = queries.list_for_everybody(db.session())
    reports = [(release, report) for release in found if (report := find_report(release.payload))]
    return render_template("outcomes/public_results.html", reports=reports)


@blueprint.get("/published-results/<uuid:public_release_id>")
def public_release(public_release_id: UUID) -> str | tuple[str, int]:
    """One release that is shown to everybody; of one that was and is withdrawn, only that, and since when."""
    found = [one for one in queries.list_for_everybody(db.session()) if one.id == public_release_id]
    # Asked for every id, so that one that nobody has ever had takes as long.
    withdrawn_at = queries.list_withdrawn_for_everybody(db.session()).get(public_release_id)
    if withdrawn_at is not None and not found:
        return render_template("outcomes/public_withdrawn.html", withdrawn_at=withdrawn_at), 410
    if not found or (report := find_report(found[0].payload)) is None:
        raise NotFound
    return render_template("outcomes/public_release.html", release=found[0], report=report)


@blueprint.get("/results")
def published() -> str:
    """What was published, the newest first; at the top the latest term."""
    found = queries.list_published(db.session(), me().authority_id)
    latest = queries.latest_of(found)
    return render_template(
        "outcomes/published.html",
        releases=found,
        latest=latest,
        report=find_report(latest.payload) if latest else None,
    )


@blueprint.get("/results/<uuid:release_id>")
def read_release(release_id: UUID) -> str:
    """One release; of a withdrawn one, only that it was."""
    release = queries.get_published(db.session(), me().authority_id, release_id)
    report = None if release.withdrawn_at else find_report(release.payload)
    return render_template("outcomes/read_release.html", release=release, report=report)


@blueprint.get("/results/<uuid:release_id>/data.csv")
def download(release_id: UUID) -> Response | tuple[str, int]:
    """The published figures as a table; of a withdrawn release, only that it was."""
    release = queries.get_published(db.session(), me().authority_id, release_id)
    if release.withdrawn_at:
        return render_template("outcomes/read_release.html", release=release, report=None), 410
    response = Response("\ufeff" + as_csv(release.payload, release.sha256), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=we-belong-{release.window_key}.csv"
    return response


def _ring_rollup() -> None:
    ring(current_app.extensions["settings"].secret("redis_url"), Bell.ROLLUP)
