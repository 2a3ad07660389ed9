"""An address of a page is what Flask would make of it, and nothing that it was made for is kept."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import BuildError

from app.shell.addresses import Site


@pytest.fixture
def site() -> Site:
    made = Site("site")
    _add_pages(made)
    return made


def _add_pages(app: Flask) -> None:
    for rule, name in (
        ("/", "home"),
        ("/groups/<uuid:cohort_id>", "group"),
        ("/groups/<uuid:cohort_id>/parents/<uuid:parent_id>/remove", "remove"),
        ("/theme/<colour>.css", "theme"),
        ("/odd/{x}/<uuid:one>", "odd"),
    ):
        app.add_url_rule(rule, name, lambda **_ids: "")


ONE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("home", {}),
        ("home", {"after": ONE}),
        ("group", {"cohort_id": ONE}),
        ("group", {"cohort_id": ONE, "fix": 1}),
        ("group", {"cohort_id": str(ONE)}),
        ("group", {"cohort_id": ONE, "parent": OTHER}),
        ("group", {"cohort_id": ONE, "words": "{cohort_id} & more"}),
        ("group", {"cohort_id": ONE, "_anchor": "plan"}),
        ("group", {"cohort_id": ONE, "_external": True}),
        ("remove", {"parent_id": ONE, "cohort_id": OTHER}),
        ("remove", {"parent_id": ONE, "cohort_id": ONE}),
        ("theme", {"colour": "17504a"}),
        ("odd", {"one": ONE}),
    ],
)
@pytest.mark.parametrize("below", ["/", "/below"])
def test_an_address_is_as_flask_makes_it(site, endpoint, values, below):
    plain = Flask("plain")
    _add_pages(plain)
    with plain.test_request_context(base_url=f"https://example.org{below}"):
        wanted = plain.url_for(endpoint, **values)
    with site.test_request_context(base_url=f"https://example.org{below}"):
        assert [site.url_for(endpoint, **values) for _ in range(2)] == [wanted, wanted]


def test_a_missing_id_is_refused_as_before(site):
    with site.test_request_context():
        site.url_for("group", cohort_id=ONE)
        with pytest.raises(BuildError):
            site.url_for("group")


def test_no_id_is_kept(site):
    with site.test_request_context():
        for _ in range(3):
            site.url_for("remove", cohort_id=uuid4(), parent_id=uuid4())
            site.url_for("theme", colour="17504a")
    assert site._shapes == {
        ("remove", "cohort_id", "parent_id"): "/groups/{cohort_id}/parents/{parent_id}/remove"
    }
