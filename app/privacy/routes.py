"""What we hold about the person who asks: to read, to print, to take along."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template

from app.accounts.pages import base_page
from app.extensions import db
from app.identity.current import me
from app.privacy import services
from infra.clock import today

blueprint = Blueprint("privacy", __name__, template_folder="templates")


@blueprint.get("/my/data")
def my_data() -> str:
    """Everything that their own audience may read of them, in plain words."""
    who = me()
    parts, shut = services.show(db.session, who.role, who.own_school_id, who.person_id)
    return render_template(
        "privacy/my_data.html",
        parts=parts,
        shut=shut,
        who=who,
        base=base_page(),
    )


@blueprint.get("/my/data/download")
def my_data_file() -> Response:
    """The same as a file that a program can read."""
    who = me()
    held = services.take(db.session, who.role, who.own_school_id, who.person_id)
    body = json.dumps(
        {
            "made_on": today().isoformat(),
            "name": who.name,
            "school": who.school_name,
            "authority": who.authority_name,
            **held,
        },
        ensure_ascii=False,
        indent=2,
    )
    return Response(
        body + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="we-belong-my-data.json"'},
    )
