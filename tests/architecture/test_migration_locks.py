"""No revision stops people who work meanwhile, or the code that stood before it."""

from __future__ import annotations

import pytest

from tests.architecture.migration_locks import read, write_out

#: Nothing ran beside these: no council had the product before 0116, and the function's callers changed with it.
CALLERS_CAME_ALONG = "the function changed what it takes or gives, together with all that call it"
FEW_ROWS = "a school has a few dozen of these rows, a borough a few thousand: built in well under a second"

#: What squawk finds and we do: by revision and rule, why. From 0116 on each needs a reason of its own.
ACCEPTED = {
    ("0042", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0043", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0044", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0044", "require-concurrent-index-creation"): FEW_ROWS,
    (
        "0044",
        "require-concurrent-index-deletion",
    ): "the index that takes its place comes in the same transaction",
    ("0045", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0046", "adding-field-with-default"): "worked out from the row, so each row is written anew; "
    + FEW_ROWS,
    ("0046", "require-concurrent-index-creation"): FEW_ROWS,
    ("0049", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0051", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0051", "constraint-missing-not-valid"): FEW_ROWS,
    ("0053", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0053", "require-concurrent-index-creation"): FEW_ROWS,
    ("0082", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0083", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0085", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0096", "require-concurrent-index-creation"): FEW_ROWS,
    (
        "0096",
        "require-concurrent-index-deletion",
    ): "the index that takes its place comes in the same transaction",
    ("0109", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0113", "ban-drop-function"): CALLERS_CAME_ALONG,
    ("0119", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0119", "constraint-missing-not-valid"): "a borough has a few hundred groups: read in a moment",
    ("0163", "constraint-missing-not-valid"): "texts of five weeks: read in a moment",
    ("0163", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0157", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0157", "constraint-missing-not-valid"): "links of 90 days, and a few contacts: read in a moment",
    (
        "0151",
        "ban-drop-function",
    ): "the code of the release before calls none of them, nor does that of this one",
    (
        "0177",
        "ban-drop-function",
    ): "the code of the release before calls none of them, nor does that of this one",
    ("0160", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0160", "constraint-missing-not-valid"): "lists of a day: read in a moment",
    ("0160", "adding-field-with-default"): "lists of a day: written anew in a moment",
    ("0153", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0153", "constraint-missing-not-valid"): FEW_ROWS,
    ("0165", "constraint-missing-not-valid"): FEW_ROWS,
    ("0169", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0169", "constraint-missing-not-valid"): "added not valid, and validated by its own statement",
    ("0161", "ban-drop-constraint"): "a wider one takes its place in the same transaction",
    ("0161", "constraint-missing-not-valid"): FEW_ROWS,
    ("0146", "prefer-bigint-over-smallint"): "one text is at most six: Notify takes no longer one",
    ("0152", "ban-drop-not-null"): "code of before joins the link, so it leaves out who has none",
}


def test_no_revision_holds_people_up_or_breaks_the_code_before_it(tmp_path):
    """Red? Do it in steps (the rule's page says how), or write down in `ACCEPTED` why this one may."""
    found = read(write_out(), tmp_path)

    assert [one for one in found if (one.revision, one.rule) not in ACCEPTED] == []
    assert {(one.revision, one.rule) for one in found} == set(ACCEPTED), "no longer found"


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("alter table parent add column note text not null;", "adding-required-field"),
        ("alter table parent alter column note set not null;", "adding-not-nullable-field"),
        ("alter table parent add constraint named check (note <> '');", "constraint-missing-not-valid"),
        ("alter table parent add constraint named unique (note);", "disallowed-unique-constraint"),
        (
            "alter table parent add constraint named foreign key (school_id) references school (school_id);",
            "adding-foreign-key-constraint",
        ),
        ("create index parent_by_note on parent (note);", "require-concurrent-index-creation"),
        ("drop index parent_by_note;", "require-concurrent-index-deletion"),
        ("alter table parent rename column note to said;", "renaming-column"),
        ("alter table parent rename to carer;", "renaming-table"),
        ("alter table parent alter column note type integer;", "changing-column-type"),
        ("alter table parent drop column note;", "ban-drop-column"),
        ("drop table parent;", "ban-drop-table"),
        ("drop function app.now();", "ban-drop-function"),
        ("alter table parent ad column note text;", "syntax-error"),
    ],
)
def test_reports_a_statement_that_holds_people_up(tmp_path, statement, rule):
    found = read({"9999": f"BEGIN;\n\nselect 1;\n\n{statement}\n\nCOMMIT;\n"}, tmp_path)

    assert ("9999", rule) in {(one.revision, one.rule) for one in found}
    assert statement.startswith(found[0].statement[:20])


@pytest.mark.parametrize(
    "statements",
    [
        "BEGIN; alter table parent add column note text; COMMIT;",
        "BEGIN; create table note (id uuid primary key); create index note_by_id on note (id); COMMIT;",
        "BEGIN; alter table parent add constraint named check (note <> '') not valid; COMMIT;",
        "BEGIN; COMMIT; create index concurrently parent_by_note on parent (note); BEGIN; COMMIT;",
    ],
)
def test_leaves_alone_what_holds_nobody_up(tmp_path, statements):
    assert read({"9999": statements}, tmp_path) == []


def test_reports_what_waits_for_a_lock_without_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.architecture.migration_locks.LOCK_TIMEOUT", "select 1")

    found = read({"9999": "BEGIN; alter table parent add column note text; COMMIT;"}, tmp_path)

    assert [one.rule for one in found] == ["require-lock-timeout"]
