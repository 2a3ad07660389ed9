"""Stop saying to an office that a letter is to be handed out by which somebody has come in, or that is in doubt.

A letter made without a link is for somebody who signs in as they did; one whose link was used is for nobody. Whoever
opened it and said "This is not me" is asked about first. As the pile of staff has it. Replaces
`identity.letters_at_office`.

Risk: none, a function and one more column that it reads. Rejected: to say why (that they came in, said no or joined
reads alike to an office).
"""

from __future__ import annotations

from alembic import op

revision = "0166"
down_revision = "0165"

LETTERS = """
create or replace function identity.letters_at_office()
  returns table (letter_id uuid, parent_id uuid, made_at timestamptz, until timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    -- As the pile of staff has them (app/letters/pile.py). Until when: the same words for whoever has an account.
    select d.id, d.parent_id, d.created_at, coalesce(t.expires_at, d.created_at + interval '28 days')
      from (
        select distinct on (o.parent_id) o.id, o.parent_id, o.created_at, o.state from public.document o
          where o.school_id = (select app.school_id()) and o.kind = 'invitation_letter' and o.state <> 'refused'
            and o.created_at > app.now() - interval '28 days'
          order by o.parent_id, o.created_at desc, o.id desc) d
      join public.parent p on p.school_id = (select app.school_id()) and p.id = d.parent_id
      left join identity.token t on t.outbox_id = d.id and t.channel = 'letter' and t.used_at is null
        and t.cancelled_at is null and t.expires_at > app.now() and t.in_school = (select app.school_id())
      where d.state = 'ready' and p.stage in ('identified', 'invited', 'interested')
        and d.parent_id <> all ((select app.not_for_office())::uuid[])
        -- Open, or made without a link, for somebody who signs in as they did.
        and (t.outbox_id is not null
          or (not exists (select from identity.token n where n.outbox_id = d.id and n.channel = 'letter')
            and exists (select from identity.membership m
              where m.person_id = d.parent_id and m.role = 'parent' and m.ended_at is null)))
        and not exists (select from public.contact_doubt c where c.school_id = (select app.school_id())
          and c.person_id = d.parent_id and c.channel = 'letter' and c.settled_at is null)
        and not exists (select from public.contact_with_parent c
          where c.school_id = (select app.school_id()) and c.parent_id = d.parent_id and c.how = 'letter'
            and c.outcome in ('posted', 'handed_over') and c.at >= d.created_at);
  end
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("grant select (channel) on public.contact_doubt to wb_identity")
    op.execute("set local role wb_identity")
    op.execute(LETTERS)
    op.execute("reset role")
