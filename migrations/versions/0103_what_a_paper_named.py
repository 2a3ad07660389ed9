"""Keep with an agreement what it named when it was drawn, and with the council's yes what it said yes to.

Whoever reads concerns first at a school began at once, alone, as the one "whom the agreement names"; but that was read
from the school's details as they are now. A school that signed a paper full of gaps typed a name afterwards and invited
it, at any address. Now each drawing keeps its names, the council's acceptance keeps those of what it accepted, and the
first reader begins at once only by those; else a second person agrees. That holds too where nobody reads yet.

Risk: a school that has signed and not begun, from before, names nobody here: its first safeguarding lead takes the
council's officer, or a newer agreement. Of schools that wait to sign the names of today are on their newest paper, for
every change has drawn it again.
Rejected: reading the names out of the PDF; a column of the school, which is the school's own to write.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0103"
down_revision = "0102"

COLUMNS = """
alter table document add column named jsonb;
alter table agreement_review add column named jsonb;
"""

#: `school_dsl` and `school_dsl_deputy` are what is asked by; the rest is filled by each new drawing.
KNOWN = """
update document d set named = jsonb_build_object('school_dsl', s.dsl_name, 'school_dsl_deputy', s.dsl_deputy)
  from school s where s.school_id = d.school_id and d.kind = 'agreement' and d.state = 'ready'
    and s.stage in ('invited', 'brief_sent')
    and d.created_at = (select max(o.created_at) from document o where o.school_id = d.school_id
      and o.kind = 'agreement');
update agreement_review r set named = jsonb_build_object('school_dsl', s.dsl_name, 'school_dsl_deputy', s.dsl_deputy)
  from school s where s.school_id = r.school_id and r.decision = 'accepted' and s.stage in ('active', 'paused');
"""

GRANTS = """
grant select (school_id, kind, state, created_at, ready_at, named, id) on document to wb_identity;
create policy document_identity_select on document for select to wb_identity using (true);
grant select (school_id, document_id, decision, at, named) on agreement_review to wb_identity;
create policy agreement_review_identity_select on agreement_review for select to wb_identity using (true);
grant select (school_id, from_stage, to_stage, at) on onboarding_event to wb_identity;
create policy onboarding_event_identity_select on onboarding_event for select to wb_identity using (true);
"""

NAMED = function(
    "named_readers",
    "p_school uuid",
    "text[]",
    """
declare v_since timestamptz; v_sent timestamptz; v_named jsonb;
begin
  -- Who reads concerns by the agreement that the council accepted; while it accepted none, by the newest paper that was
  -- there when the signed one was sent. What was agreed before the school left and came back has ended.
  select coalesce(max(e.at), '-infinity') into v_since from public.onboarding_event e
    where e.school_id = p_school and e.to_stage = 'prospect' and e.from_stage is not null;
  select r.named into v_named from public.agreement_review r
    where r.school_id = p_school and r.decision = 'accepted' and r.at > v_since order by r.at desc limit 1;
  if not found then
    select max(d.created_at) into v_sent from public.document d
      where d.school_id = p_school and d.kind = 'signed_agreement' and d.state <> 'refused' and d.created_at > v_since
        and not exists (select from public.agreement_review r where r.school_id = d.school_id
          and r.document_id = d.id);
    select d.named into v_named from public.document d
      where d.school_id = p_school and d.kind = 'agreement' and d.state = 'ready' and d.created_at > v_since
        and coalesce(d.ready_at, d.created_at) <= coalesce(v_sent, 'infinity')
      order by d.created_at desc, d.id desc limit 1;
  end if;
  return array_remove(array_remove(array[lower(btrim(v_named ->> 'school_dsl')),
    lower(btrim(v_named ->> 'school_dsl_deputy'))], ''), null);
end""",
    (),
)

FIRST = function(
    "is_first_holder",
    "p_role text, p_authority uuid, p_school uuid, p_name text",
    "boolean",
    """
begin
  -- Before any parent is there whose words somebody could read: while nobody holds the role; those who read concerns by
  -- the names in the agreement.
  if p_school is not null then
    return not exists (select from public.parent p where p.school_id = p_school)
      and case p_role when 'school_dsl' then exists (select from public.school k
          where k.school_id = p_school and k.stage not in ('active', 'paused')
            and lower(btrim(p_name)) = any (identity.named_readers(p_school)))
        else identity.acting(p_role, p_authority, p_school) = '{}' end;
  end if;
  if identity.acting(p_role, p_authority, p_school) <> '{}' then return false; end if;
  return not exists (select from public.parent p join public.school k on k.school_id = p.school_id
    where k.authority_id = p_authority);
end""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(COLUMNS)
    op.execute(KNOWN)
    op.execute(GRANTS)
    install([NAMED])
    replace([FIRST])
