"""Say once who stands in a list only because somebody passed them on, and forget nobody who has spoken.

What counted as spoken was a stage, and the next step of the school takes that stage away: somebody who had told staff
that they would like to hear more, and was invited then, was deleted on the 28th day. So was whoever stopped messages,
said “This is not me”, or asked on the school's own page after they had been passed on. One function answers now, for
the page that announces the day and for the schedule; who is forgotten is held first as whoever uses a link of theirs
holds them, and asked about again. What staff noted of days and times goes with them, as do texts that they sent back.

Two presses at once on what a parent would like at their first evening are one.

Risk: none for rows that are there: whoever is forgotten now is so by fewer rows. Rejected: a mark in the parent's row
(each way of speaking would have to set it).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0138"
down_revision = "0137"

ONLY = function(
    "only_passed_on",
    "",
    "table (parent_id uuid, said_at timestamptz, organisation text)",
    """
begin
  return query select g.parent_id, g.said_at, l.organisation from public.signup g
    join public.signup_link l on l.school_id = g.school_id and l.id = g.link_id and l.kind <> 'page'
    join public.parent p on p.school_id = g.school_id and p.id = g.parent_id and p.stage in ('identified', 'invited')
    join public.parent_contact c on c.school_id = g.school_id and c.parent_id = g.parent_id
      and c.texts_stopped_at is null and c.emails_stopped_at is null
    where g.school_id = app.school_id() and g.is_new
      and not exists (select from public.parent_event e where e.school_id = g.school_id and e.parent_id = g.parent_id
        and (e.by_side = 'parent' or e.to_stage not in ('identified', 'invited')
          or e.from_stage not in ('identified', 'invited')))
      and not exists (select from public.signup o join public.signup_link k on k.school_id = o.school_id
        and k.id = o.link_id and k.kind = 'page' where o.school_id = g.school_id and o.parent_id = g.parent_id)
      and not exists (select from public.contact_doubt d where d.school_id = g.school_id
        and d.person_kind = 'parent' and d.person_id = g.parent_id and d.settled_at is null)
      and not exists (select from identity.membership m where m.person_id = g.parent_id);
end""",
    ("wb_school", "wb_documents"),
)
FORGET = function(
    "forget_passed_on",
    "p_day date",
    "integer",
    """
declare v_school uuid := app.school_id(); v_parent uuid; v_count integer := 0;
begin
  for v_parent in
    select o.parent_id from identity.only_passed_on() o
      where (o.said_at at time zone 'Europe/London')::date <= p_day
  loop
    -- As whoever uses a link of theirs holds them; then whether they have spoken is asked again.
    perform pg_advisory_xact_lock(hashtextextended(v_parent::text, 0));
    if not exists (select from identity.only_passed_on() o where o.parent_id = v_parent) then continue; end if;
    begin
      update identity.token t set cancelled_at = coalesce(t.cancelled_at, app.now()), name = ''
        where t.person_id = v_parent and t.in_school = v_school and t.used_at is null;
      update public.document d set parent_id = null, subject_id = null
        where d.school_id = v_school and d.parent_id = v_parent and d.kind = 'invitation_letter';
      delete from public.text_reply r
        where r.school_id = v_school and r.recipient_kind = 'parent' and r.recipient_id = v_parent;
      delete from public.group_wish w where w.school_id = v_school and w.parent_id = v_parent and w.by_name <> '';
      delete from public.contact_with_parent c where c.school_id = v_school and c.parent_id = v_parent;
      delete from public.parent_event e where e.school_id = v_school and e.parent_id = v_parent;
      delete from public.recruitment_profile r where r.school_id = v_school and r.parent_id = v_parent;
      delete from public.parent_contact c where c.school_id = v_school and c.parent_id = v_parent;
      delete from public.parent p where p.school_id = v_school and p.id = v_parent
        and p.stage in ('identified', 'invited');
      if not found then raise foreign_key_violation; end if;
      v_count := v_count + 1;
    exception when foreign_key_violation then null; -- A choice of theirs is kept: they stay.
    end;
  end loop;
  if v_count > 0 then
    insert into public.activity_due (school_id, due_at) values (v_school, app.now())
      on conflict (school_id) do update set due_at = excluded.due_at;
  end if;
  return v_count;
end""",
    ("wb_documents",),
)
#: What those functions may do, and their owner could not before.
RIGHTS = {
    "parent_contact": "select (school_id, parent_id, texts_stopped_at, emails_stopped_at)",
    "parent_event": "select (from_stage, to_stage)",
    "contact_doubt": "select (school_id, person_kind, person_id, settled_at)",
    "group_wish": "select (school_id, parent_id, by_name), delete",
    "text_reply": "select (school_id, recipient_kind, recipient_id), delete",
}
NEW = {"contact_doubt": ("select",), "group_wish": ("select", "delete"), "text_reply": ("select", "delete")}
WISH = """
create or replace function app.wish_for_first_visit(p_wishes text[]) returns boolean language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $function$
declare v_cohort_id uuid;
begin
  -- Two presses of theirs come one after the other.
  perform pg_advisory_xact_lock(hashtextextended(app.person_id()::text, 0));
  select e.cohort_id into v_cohort_id from public.enrolment e
    join public.cohort c on c.school_id = e.school_id and c.id = e.cohort_id and c.state in ('forming', 'running')
    where e.school_id = app.school_id() and e.parent_id = app.person_id() and e.status = 'in_group'
      and e.cohort_id = any (app.joined_cohort_ids())
    order by e.joined_at desc limit 1;
  if not found or identity.my_way_since() = 'infinity' then return false; end if;
  delete from public.first_visit_wish w
    where w.school_id = app.school_id() and w.cohort_id = v_cohort_id and w.parent_id = app.person_id();
  if p_wishes <> '{}' then
    insert into public.first_visit_wish (school_id, cohort_id, parent_id, wishes)
      values (app.school_id(), v_cohort_id, app.person_id(), p_wishes);
  end if;
  return true;
end
$function$"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table, rights in RIGHTS.items():
        op.execute(f"grant {rights} on {table} to wb_identity")
    for table, verbs in NEW.items():
        for verb in verbs:
            op.execute(
                f"create policy {table}_identity_{verb} on {table} for {verb} to wb_identity using (true)"
            )
    op.execute("grant select (accepted_at) on signup to wb_documents")
    install((ONLY,))
    replace((FORGET,))
    op.execute("set local role wb_helper")
    op.execute(WISH)
    op.execute("reset role")
