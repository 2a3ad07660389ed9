"""Every list of people, groups and schools is searched in one way, and three letters in a row lead to the rows.

Each row keeps the folded form of what it is found by (as parents do since 0035) and its trigrams, both made by the
database at every write. A GIN index over the trigrams finds the few rows that can fit; the folded form decides. Under a
row policy no audience's own statement may use such an index: the comparison of arrays is not proof against leaks. So
one function asks it, with the rights of the helper, for rows of the scope's own school or authority alone, and gives
back ids; whoever asked then reads those rows under their own policies.

Risk: five tables are written anew once, the largest the contacts of parents: seconds for a council, and no longer than
the lock's time limit waits for a quiet moment.
Rejected: the extensions unaccent and pg_trgm, which hosts differ in; one table of words beside all others, kept by
triggers, which is out of step after the first row that a trigger does not see; trigrams of another row's concern: few
lie on a desk, and their words are not to stand in a second place.
"""

from __future__ import annotations

from alembic import op

revision = "0046"
down_revision = "0045"

FOLD = (
    "regexp_replace(replace(replace(replace(replace(translate("
    "normalize(lower(normalize({text}, NFKD)), NFKD),"
    " 'łøđħıŧð', 'lodhitd'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),"
    " '[\\s!-/:-@\\[-`{{-~\\u0300-\\u036f\\u02b0-\\u02ff\\u2000-\\u206f\\u00b4\\u00b7]', '', 'g')"
)
DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
NUMBER = f"{DIGITS} || '|0' || regexp_replace({DIGITS}, '^44', '')"
#: People write *St* or *Saint*, *&* or *and*.
SCHOOL_NAME = "regexp_replace(replace(lower({column}), '&', ' and '), '\\mst\\M', 'saint', 'g')"


def folded(*texts: str) -> str:
    return " || '|' || ".join(FOLD.format(text=text) for text in texts)


#: What each row is found by.
WORDS = {
    "parent_contact": folded("first_name || ' ' || last_name", "known_as", "email") + f" || '|' || {NUMBER}",
    "facilitator": folded("name", "email") + f" || '|' || {NUMBER}",
    "staff_member": folded("name", "email", "job_title"),
    "cohort": folded("name", "room"),
    "school": folded(
        SCHOOL_NAME.format(column="name"), "address", "contact_name", "urn::text", "coalesce(phase, '')"
    ),
}
#: The list as the application calls it, its table, the row's id, whose rows they are.
LISTS = (
    ("parents", "parent_contact", "parent_id", "school_id = (select app.school_id())"),
    ("facilitators", "facilitator", "id", "school_id = (select app.school_id())"),
    ("staff", "staff_member", "id", "school_id = (select app.school_id())"),
    ("groups", "cohort", "id", "school_id = (select app.school_id())"),
    (
        "schools",
        "school",
        "school_id",
        "authority_id = (select app.authority_id()) and app.school_id() is null",
    ),
)
HELPER_HAS_A_POLICY = {"facilitator", "parent_contact", "cohort", "school"}


def trigrams(words: str) -> str:
    """Every three letters in a row: cut in threes from the first, the second and the third letter on."""
    return " || ".join(
        f"string_to_array(regexp_replace(substr({words}, {start}), '(.{{3}})', '\\1 ', 'g'), ' ')"
        for start in (1, 2, 3)
    )


def upgrade() -> None:
    for table, words in WORDS.items():
        columns = [f"add column trigrams text[] not null generated always as ({trigrams(words)}) stored"]
        if table != "parent_contact":
            columns.append(f"add column searched_by text not null generated always as ({words}) stored")
        op.execute(f"alter table {table} {', '.join(columns)}")
        # Without a list of what is still to be sorted in: a search would read it from end to end.
        op.execute(f"create index {table}_trigrams on {table} using gin (trigrams) with (fastupdate = off)")
    branches = []
    for name, table, row_id, whose in LISTS:
        if table != "school":  # which it may read already
            op.execute(f"grant select (school_id, {row_id}, searched_by, trigrams) on {table} to wb_helper")
        if table not in HELPER_HAS_A_POLICY:
            op.execute(f"create policy {table}_helper_select on {table} for select to wb_helper using (true)")
        branches.append(
            # The names are this revision's own.
            f"select {row_id} from public.{table} where p_list = '{name}' and {whose}"  # noqa: S608 # nosec B608
            " and trigrams @> p_trigrams and searched_by like all (p_patterns)"
        )
    op.execute(
        "create function app.found(p_list text, p_trigrams text[], p_patterns text[]) returns setof uuid"
        " language sql stable security definer rows 20 set search_path = pg_catalog, pg_temp"
        f" begin atomic {' union all '.join(branches)}; end"
    )
    op.execute("grant execute on function app.found(text, text[], text[]) to wb_school, wb_authority")
    op.execute("alter function app.found(text, text[], text[]) owner to wb_helper")


def downgrade() -> None:
    op.execute("drop function app.found(text, text[], text[])")
    op.execute("drop policy staff_member_helper_select on staff_member")
    for table in WORDS:
        op.execute(f"alter table {table} drop column trigrams")
        if table != "parent_contact":
            op.execute(f"alter table {table} drop column searched_by")
    op.execute("revoke select on staff_member from wb_helper")
