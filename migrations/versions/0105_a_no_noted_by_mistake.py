"""Let staff take back a no to single choices that they noted by mistake, as they take back a step.

"No to something else" noted for the wrong parent stood in that parent's name, and nothing undid it: no emails reached
them. What was noted, and not answered by the parent since, goes back to what it was before.

Risk: as in 0097, staff can bring a parent's own earlier yes back, where the newest answer is a no that staff noted.
Rejected: more kinds in `take_back_choices`, which older code calls for a step: it would undo more than it says.
"""

from __future__ import annotations

from alembic import op

revision = "0105"
down_revision = "0104"

LIST = """
create function app.noted_noes(p_parent uuid) returns text[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $function$
begin
  -- What staff noted a no to, and the parent has answered nothing since. Joining has a step of its own.
  return coalesce((select array_agg(x.kind order by x.kind) from (
      select distinct on (e.kind) e.kind, e.how, e.given from public.consent_event e
        where e.school_id = (select app.school_id()) and e.parent_id = p_parent
        order by e.kind, e.at desc, e.id desc) x
    where x.how = 'noted' and not x.given and x.kind <> 'join'), '{}');
end $function$
"""

TAKE = """
create function app.take_back_noes(p_parent uuid, p_kinds text[], p_at timestamptz)
returns table (kind text, noted_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
#variable_conflict use_column
declare v_last public.consent_event; v_before public.consent_event;
begin
  -- Of these kinds, those whose newest answer is a no that staff noted: each is again what it was, or unanswered.
  -- Which, and when it had been noted.
  for v_last in select e.* from public.consent_event e where e.school_id = (select app.school_id())
      and e.parent_id = p_parent and e.kind = any (p_kinds) and e.kind = any (app.noted_noes(p_parent))
      and not exists (select from public.consent_event n where n.school_id = e.school_id and n.parent_id = e.parent_id
        and n.kind = e.kind and (n.at, n.id) > (e.at, e.id))
  loop
    v_before := null;
    select e.* into v_before from public.consent_event e where e.school_id = v_last.school_id
      and e.parent_id = p_parent and e.kind = v_last.kind and e.id <> v_last.id order by e.at desc, e.id desc limit 1;
    if v_before.id is null or (v_before.how = 'taken_back' and not v_before.given) then
      delete from public.consent c
        where c.school_id = v_last.school_id and c.parent_id = p_parent and c.kind = v_last.kind;
    else
      update public.consent c set given = v_before.given, wording_version = v_before.wording_version, changed_at = p_at
        where c.school_id = v_last.school_id and c.parent_id = p_parent and c.kind = v_last.kind;
    end if;
    insert into public.consent_event (school_id, id, parent_id, kind, given, wording_version, at, how)
      values (v_last.school_id, pg_catalog.gen_random_uuid(), p_parent, v_last.kind, coalesce(v_before.given, false),
        coalesce(v_before.wording_version, v_last.wording_version), p_at, 'taken_back');
    kind := v_last.kind;
    noted_at := v_last.at;
    return next;
  end loop;
end $function$
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for create, signature in (
        (LIST, "noted_noes(uuid)"),
        (TAKE, "take_back_noes(uuid, text[], timestamptz)"),
    ):
        op.execute(create)
        op.execute(f"grant execute on function app.{signature} to wb_school")
        op.execute(f"alter function app.{signature} owner to wb_helper")
