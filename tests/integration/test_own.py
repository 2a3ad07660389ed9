"""One application for many databases of tests: each meets its own rows, and nothing of the test before."""

from __future__ import annotations

from flask import current_app

from tests.support.own import own_app


def test_an_application_that_is_used_again_is_as_new_and_reads_the_new_database(stack, world):
    school, help_page = world.school.school_id, "shell.help_page"
    with own_app(stack, "first") as first:
        first.rows(
            "update cohort set name = 'Gone by then' where school_id = %s and state = 'running'", school
        )
        assert "Gone by then" in first.client(world.school.lead).get("/school/groups").text
        plain = first.app.view_functions[help_page]
        first.app.view_functions[help_page] = lambda: str(current_app.config["PLANTED"])
        first.app.config["PLANTED"] = "planted"

    with own_app(stack, "second") as second, own_app(stack, "beside") as beside:
        assert second.app is first.app
        assert beside.app is not second.app
        second.rows(
            "update cohort set name = 'Quince evenings' where school_id = %s and state = 'running'", school
        )
        page = second.client(world.school.lead).get("/school/groups").text
        assert "Quince evenings" in page
        assert "Gone by then" not in page
        assert "Quince evenings" not in beside.client(world.school.lead).get("/school/groups").text
        assert second.app.view_functions[help_page] is plain
        assert "PLANTED" not in second.app.config
        assert (
            second.app.extensions["settings"].database_url.get_secret_value().endswith(second.stack.database)
        )
