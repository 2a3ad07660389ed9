"""Each rule of the house sees what it is there for, and leaves alone what is fine."""

from __future__ import annotations

import textwrap

import pytest

from tests.architecture import lints


def lines(rule, source: str) -> list[int]:
    return rule(textwrap.dedent(source).strip())


@pytest.mark.parametrize(
    "source",
    [
        'session.execute(f"select * from parent where id = {x}")',
        'session.execute("select * from parent where id = %s" % x)',
        'session.execute("select * from parent where id = {}".format(x))',
        'session.execute("select * from parent where id = " + x)',
        'session.execute("select " + ", ".join(names))',
        'session.execute(text(f"select {x}"))',
        "session.execute(text(statement))",
        'session.scalars(text("select " + x))',
        'connection.exec_driver_sql(f"drop table {x}")',
        'query = f"select {x}"\nsession.execute(query)',
        'query = "select "\nquery += f"{x}"\nconnection.exec_driver_sql(query)',
        'cursor.execute(sql.SQL(f"select {x}"))',
        "cursor.execute(sql.SQL(x))",
        'literal_column("a" + x)',
        'cursor.executemany("insert into %s" % table, rows)',
        'STATEMENT = f"select {x}"\ndef f():\n    session.execute(text(STATEMENT))',
    ],
)
def test_a_statement_that_was_put_together_is_seen(source):
    assert lines(lints.built_statements, source)


@pytest.mark.parametrize(
    "source",
    [
        'session.execute(text("select 1 where id = :id"), {"id": x})',
        'STATEMENT = text("select 1")\nsession.execute(STATEMENT, {"id": x})',
        'WORDS = "select 1"\nsession.execute(text(WORDS))',
        "session.execute(select(Parent).where(Parent.id == x))",
        'cursor.execute(sql.SQL("create database {}").format(sql.Identifier(x)))',
        'redis.execute("a")',
    ],
)
def test_a_statement_that_stands_in_full_is_left_alone(source):
    assert lines(lints.built_statements, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "Markup(name)",
        "markupsafe.Markup(f'<b>{name}</b>')",
        "render_template_string(name)",
        "Environment(autoescape=False)",
        "app.jinja_env.autoescape = False",
        "env.from_string(name)",
    ],
)
def test_trusted_text_is_seen(source):
    assert lines(lints.trusted_text, source)


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "import pickle",
        "from rq.serializers import DefaultSerializer",
        "from rq import Queue\nQueue('a', connection=c)",
        "from rq import Worker\nWorker(['a'], connection=c)",
        "hashlib.md5(x)",
        "eval(x)",
    ],
)
def test_weak_tools_are_seen(source):
    assert lines(lints.weak_tools, source)


def test_good_tools_are_left_alone():
    source = """
        import json, secrets, hashlib
        from rq import Queue
        Queue("a", connection=c, serializer=JSONSerializer)
        hashlib.sha256(secrets.token_bytes(32))
    """
    assert lines(lints.weak_tools, source) == []


@pytest.mark.parametrize(
    "source",
    [
        'redirect(request.args["next"])',
        "redirect(request.referrer)",
        "redirect(next_url)",
        'redirect("https://example.org")',
        'redirect("/" + place)',
        'redirect(url_for("a.b", _external=True))',
        'redirect(url_for("a.b") if here else there)',
        'response.headers["Location"] = place',
        "redirect()",
    ],
)
def test_a_redirect_to_elsewhere_is_seen(source):
    assert lines(lints.redirects_elsewhere, source)


@pytest.mark.parametrize(
    "source",
    [
        "url_for(endpoint, **arguments)",
        "def f(endpoint, **values):\n    return url_for(endpoint, **values, **more)",
        "def f(**values):\n    return lambda x: url_for('a.b', **values)",
        "def f(values):\n    return url_for('a.b', **values)",
        "flask.url_for(**found)",
    ],
)
def test_an_address_with_names_from_elsewhere_is_seen(source):
    assert lines(lints.scattered_arguments, source)


@pytest.mark.parametrize(
    "source",
    [
        "url_for('a.b', id=id)",
        "def f(endpoint, **values):\n    return redirect(url_for(endpoint, **values), 303)",
        "address_of(endpoint, arguments)",
    ],
)
def test_an_address_with_names_that_are_written_there_is_left_alone(source):
    assert lines(lints.scattered_arguments, source) == []


def test_who_takes_all_but_get_for_a_press_is_seen():
    for source in ('if request.method == "GET": f()', 'if "GET" != request.method: f()'):
        assert lines(lints.presses_by_exclusion, source)
    for source in ('if request.method == "POST": f()', 'if request.method in ("GET", "HEAD"): f()'):
        assert lines(lints.presses_by_exclusion, source) == []


def test_a_redirect_to_our_own_is_left_alone():
    source = """
        redirect(url_for("a.b", id=id), 303)
        redirect(url_for("a.b") if here else home_of(role))
    """
    assert lines(lints.redirects_elsewhere, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "select(x).where(c.at < func.now())",
        'text("select * from token where expires_at > now()")',
        'text("select current_date - 1")',
        'STATEMENT = "update x set at = clock_timestamp()"',
    ],
)
def test_the_check_finds_another_clock(source):
    assert lines(lints.other_clocks, source)


@pytest.mark.parametrize(
    "source",
    [
        "now()",
        "clock.now()",
        "datetime.fromtimestamp(1, UTC)",
        "time.monotonic()",
        'text("select app.now()")',
        'def f():\n    """Never `now()`."""',
    ],
)
def test_our_clock_is_left_alone(source):
    assert lines(lints.other_clocks, source) == []
