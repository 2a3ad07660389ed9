"""What the web server says by itself, where the application never answers."""

from __future__ import annotations

from infra.webserver import error_answer


def test_our_own_fault_is_not_put_down_to_the_browser():
    assert b"went wrong on our side" in error_answer(500, "Internal Server Error")
    assert b"what your browser sent" in error_answer(400, "Bad Request")
