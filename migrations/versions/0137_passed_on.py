"""Let a school give a link to those who know parents: a colleague, a family hub, a professional passes a parent on.

What they write is a row as of the sign-up page, read by that school's staff alone. The parent has agreed by word of
another; so who came into the list only by such a link, and has said nothing and come in by no link of their own 28 days
after, is deleted from it: contact, profile, steps, notes of calls, invitations. The schedule asks for it in one
function, which looks again whether they have spoken, and leaves whoever a choice of theirs hangs on.

Risk: staff find somebody gone whom they meant to call; a week before, their home says so. Rejected: to keep the name
and blank the rest (it is the name that was passed on without them), and rights to delete for the schedule's login.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0137"
down_revision = "0136"

#: As in 0130, and by any link that a school gave out: what each is for, its pages say.
SIGN_UP = function(
    "sign_up",
    "p_hash bytea, p_signup uuid, p_first_name text, p_last_name text, p_email text, p_phone text, p_language text",
    "boolean",
    """
declare v_link public.signup_link;
begin
  select l.* into v_link from identity.signup_address a
    join public.signup_link l on l.school_id = a.in_school and l.id = a.link_id
    join public.school s on s.school_id = l.school_id
    where a.token_hash = p_hash and l.ended_at is null and l.closed_at is null
      and l.open_until >= (app.now() at time zone 'Europe/London')::date and s.stage = 'active'
    for update of l;
  if not found then return false; end if;
  -- Pressed twice it is one; who comes second waits for the first by the link's row.
  if not exists (select from public.signup g where g.school_id = v_link.school_id and g.link_id = v_link.id
      and lower(g.first_name) = lower(p_first_name) and lower(g.last_name) = lower(p_last_name)
      and g.email = p_email and g.phone = p_phone and g.accepted_at is null) then
    insert into public.signup (school_id, id, link_id, first_name, last_name, email, phone, language)
      values (v_link.school_id, p_signup, v_link.id, p_first_name, p_last_name, p_email, p_phone, p_language);
    update public.signup_link l set used = l.used + 1 where l.school_id = v_link.school_id and l.id = v_link.id;
  end if;
  return true;
end""",
    ("wb_web",),
)
FORGET = function(
    "forget_passed_on",
    "p_day date",
    "integer",
    """
declare v_school uuid := app.school_id(); v_parent uuid; v_count integer := 0;
begin
  for v_parent in
    select g.parent_id from public.signup g
      join public.signup_link l on l.school_id = g.school_id and l.id = g.link_id and l.kind <> 'page'
      join public.parent p on p.school_id = g.school_id and p.id = g.parent_id
        and p.stage in ('identified', 'invited')
      where g.school_id = v_school and g.is_new and (g.said_at at time zone 'Europe/London')::date <= p_day
        and not exists (select from public.parent_event e where e.school_id = g.school_id
          and e.parent_id = g.parent_id and e.by_side = 'parent')
        and not exists (select from identity.membership m where m.person_id = g.parent_id)
  loop
    begin
      update identity.token t set cancelled_at = app.now()
        where t.person_id = v_parent and t.in_school = v_school and t.used_at is null and t.cancelled_at is null;
      update public.document d set parent_id = null, subject_id = null
        where d.school_id = v_school and d.parent_id = v_parent and d.kind = 'invitation_letter';
      delete from public.contact_with_parent c where c.school_id = v_school and c.parent_id = v_parent;
      delete from public.parent_event e where e.school_id = v_school and e.parent_id = v_parent;
      delete from public.recruitment_profile r where r.school_id = v_school and r.parent_id = v_parent;
      delete from public.parent_contact c where c.school_id = v_school and c.parent_id = v_parent;
      delete from public.parent p where p.school_id = v_school and p.id = v_parent
        and p.stage in ('identified', 'invited');
      if not found then raise foreign_key_violation; end if;
      v_count := v_count + 1;
    exception when foreign_key_violation then null; -- They have spoken, or a choice of theirs is kept: they stay.
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
#: What that function may do, and its owner could not before.
RIGHTS = {
    "parent": "select (stage), delete",
    "parent_contact": "delete",
    "recruitment_profile": "select (school_id, parent_id), delete",
    "parent_event": "select (school_id, parent_id, by_side), delete",
    "contact_with_parent": "select (school_id, parent_id), delete",
    "document": "select (parent_id), update (parent_id, subject_id)",
}
SEEN_BEFORE = ("parent", "parent_contact", "document")


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for table, rights in RIGHTS.items():
        op.execute(f"grant {rights} on {table} to wb_identity")
        if table not in SEEN_BEFORE:
            op.execute(
                f"create policy {table}_identity_select on {table} for select to wb_identity using (true)"
            )
        if "delete" in rights:
            op.execute(
                f"create policy {table}_identity_delete on {table} for delete to wb_identity using (true)"
            )
    op.execute(
        "create policy document_identity_update on document for update to wb_identity"
        " using (true) with check (parent_id is null and subject_id is null)"
    )
    replace((SIGN_UP,))
    install((FORGET,))
