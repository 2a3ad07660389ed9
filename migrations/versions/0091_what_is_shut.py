"""Let a parent's pages say what is shut, why, and to whom they may say why.

While a fresh start is under way the pages drew a group that had not begun, and afterwards "we hold nothing": neither
is so. And where the safeguarding lead had said that the old addresses are not to be told, the page of whoever still had
the old telephone told them. `my_wait_is_told` says whether this reader may read of it: where the old addresses were
told, or once the new way in is the only one. `my_sealed` says of which kinds something is kept from before, never what.

Risk: whoever has the new way in learns that there are such answers, and nothing of what they say; they can have them
deleted, as before, and now read when nothing is left. Two more columns may be read, no row changes.
Rejected: another shape for `my_wait`, which policies ask; a page for old ways in that looks as if nothing were shut.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import Function, install

revision = "0091"
down_revision = "0090"

TOLD = Function(
    signature="my_wait_is_told()",
    roles=("wb_parent",),
    create="""
create function identity.my_wait_is_told() returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(bool_and(not f.is_silent or f.ended is not distinct from 'done'), true)
    from public.fresh_start f
    where f.school_id = (select app.school_id()) and f.person_id = (select app.person_id())
      and f.waits_until > app.now() and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back')
""",
)
#: `before:` and `after:` with the id of the group, or nothing where there was none yet.
SEALED = Function(
    signature="my_sealed()",
    roles=("wb_parent",),
    create="""
create function identity.my_sealed() returns text[] language sql stable security definer
  set search_path = pg_catalog, pg_temp
  return (select coalesce(array_agg(distinct kept.kind), '{}') from (
    select s.occasion || ':' || coalesce(s.cohort_id::text, '') kind from public.answer_set s
      where s.school_id = (select app.school_id()) and s.parent_id = (select app.person_id())
        and s.way < (select identity.my_way())
    union all select 'topic_votes' from public.topic_vote v
      where v.school_id = (select app.school_id()) and v.parent_id = (select app.person_id())
        and v.way < (select identity.my_way())
    union all select 'offers_to_lead' from public.facilitator_application a
      where a.school_id = (select app.school_id()) and a.parent_id = (select app.person_id())
        and a.way < (select identity.my_way())) kept)
""",
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.execute("grant select (occasion, cohort_id) on answer_set to wb_identity")
    install((TOLD, SEALED))
