"""The statements of `facts.py`. Each names its school or authority: ids of others find nothing."""

from __future__ import annotations

from sqlalchemy import text

SCHOOL = text(
    "select s.short_name, s.name, s.stage, s.stage_reason, s.room, s.contact_name,"
    " coalesce(nullif(s.contact_phone, ''), nullif(s.phone, ''), a.contact_phone) phone, a.short_name authority"
    " from school s join authority a on a.authority_id = s.authority_id where s.school_id = :owner"
)
AUTHORITY = text(
    "select short_name authority, contact_phone phone from authority where authority_id = :owner"
)
PARENTS = text(
    "select p.id, p.stage, p.do_not_ask_until, coalesce(nullif(c.known_as, ''), c.first_name) name, c.email, c.phone,"
    " c.language, c.texts_stopped_at, c.emails_stopped_at, (select k.changed_at from consent k"
    " where k.school_id = p.school_id and k.parent_id = p.id and k.kind = 'text' and k.given) texts_agreed_at,"
    " coalesce((select array_agg(k.kind) from consent k"
    " where k.school_id = p.school_id and k.parent_id = p.id and k.given), '{}') agreed,"
    " (select coalesce(array_agg(d.address), '{}') from contact_doubt d where d.school_id = p.school_id"
    " and d.person_id = p.id and d.settled_at is null) doubted"
    " from parent p join parent_contact c on c.school_id = p.school_id and c.parent_id = p.id"
    " where p.school_id = :owner and p.id = any(:ids)"
)
FACILITATORS = text(
    "select f.id, f.name, f.email, f.phone, f.stage, c.emails_stopped_at, c.texts_stopped_at,"
    " (select coalesce(array_agg(d.address), '{}') from contact_doubt d where d.school_id = f.school_id"
    " and d.person_id = f.id and d.settled_at is null) doubted"
    " from facilitator f"
    " left join parent_contact c on c.school_id = f.school_id and c.parent_id = f.parent_id"
    " where f.school_id = :owner and f.id = any(:ids)"
)
STAFF = text(
    "select m.id, m.name, m.email, coalesce((select r.phone from identity.reader_mobiles(array[m.id]) r), '') phone,"
    " m.role, m.ended_at, (select b.begins_at from identity.begins_of(array[m.id]) b) begins_at,"
    " (select coalesce(array_agg(d.address), '{}') from contact_doubt d"
    " where d.school_id = m.school_id and d.person_id = m.id and m.accepted_at is null"
    " and d.said_at >= coalesce(m.invited_at, d.said_at)) doubted"
    " from staff_member m where m.school_id = :owner and m.id = any(:ids)"
)
LEADING_DSL = text(
    "select m.id, m.name, m.email, m.phone, m.role, m.ended_at from staff_member m where m.school_id = :owner"
    " and m.role = 'school_dsl' and m.ended_at is null order by m.accepted_at nulls last, m.invited_at limit 1"
)
MEMBERS = text(
    "select m.id, m.name, m.email, coalesce((select r.phone from identity.reader_mobiles(array[m.id]) r), '') phone,"
    " m.role, m.ended_at, (select b.begins_at from identity.begins_of(array[m.id]) b) begins_at,"
    " case when exists (select from authority_contact_doubt d"
    " where d.authority_id = m.authority_id and d.person_id = m.id and m.accepted_at is null"
    " and d.said_at >= coalesce(m.invited_at, d.said_at)) then array[m.email] else '{}' end doubted"
    " from authority_member m where m.authority_id = :owner and m.id = any(:ids)"
)
LEADING_OFFICER = text(
    "select m.id, m.name, m.email, '' phone, m.role, m.ended_at from authority_member m"
    " where m.authority_id = :owner and m.role = 'named_officer' and m.ended_at is null"
    " order by m.accepted_at nulls last, m.invited_at limit 1"
)
SESSIONS = text(
    "select s.id, s.cohort_id, s.number, s.on_date, s.starts_at, s.ends_at, s.state, s.moved_from, s.closed_at,"
    " c.state cohort_state, app.leader_names(s.cohort_id) leaders,"
    " coalesce(nullif(s.room, ''), c.room) room, (select min(n.on_date) from cohort_session n"
    " where n.school_id = s.school_id and n.cohort_id = s.cohort_id and n.state = 'planned'"
    " and n.on_date > s.on_date) next_date"
    " from cohort_session s join cohort c on c.school_id = s.school_id and c.id = s.cohort_id"
    " where s.school_id = :owner and s.id = any(:ids)"
)
#: A group as whoever comes to it now finds it: its next day, how many are to come, and how often it has met.
COHORTS = text(
    "select c.id, c.id cohort_id, c.name group_name, c.state cohort_state, app.leader_names(c.id) leaders,"
    " coalesce(coming.starts_at, c.starts_at) starts_at,"
    " coalesce(coming.ends_at, c.starts_at + make_interval(mins => c.minutes)) ends_at,"
    " coalesce(nullif(coming.room, ''), c.room) room, coming.on_date, plan.to_come, plan.met, plan.days from cohort c"
    " cross join lateral (select count(*) filter (where s.state = 'planned' and ends.at > app.now()) to_come,"
    " count(*) filter (where s.state = 'closed' or s.state = 'planned' and ends.at <= app.now()) met,"
    " array_agg(s.on_date order by s.on_date, s.number)"
    " filter (where s.state = 'planned' and ends.at > app.now()) days"
    " from cohort_session s cross join lateral (select (s.on_date + s.ends_at) at time zone 'Europe/London' as at) ends"
    " where s.school_id = c.school_id and s.cohort_id = c.id) plan"
    " left join lateral (select s.on_date, s.starts_at, s.ends_at, s.room from cohort_session s"
    " where s.school_id = c.school_id and s.cohort_id = c.id and s.state = 'planned'"
    " and (s.on_date + s.ends_at) at time zone 'Europe/London' > app.now()"
    " order by s.on_date, s.number limit 1) coming on true"
    " where c.school_id = :owner and c.id = any(:ids)"
)
MEMBERSHIPS = text(
    "select e.cohort_id, e.parent_id from enrolment e where e.school_id = :owner and e.cohort_id = any(:ids)"
    " and e.status in ('in_group', 'finished')"
    " union all select l.cohort_id, l.facilitator_id from cohort_facilitator l"
    " where l.school_id = :owner and l.cohort_id = any(:ids)"
)
#: Whose fresh start is less than a day old: parents, and parents as somebody who leads.
WAITING = text(
    "select who.id, max(f.waits_until) waits_until from (select id, id person_id from unnest(cast(:ids as uuid[])) id"
    " union all select l.id, l.parent_id from facilitator l where l.school_id = :owner and l.id = any(:ids)) who"
    " join fresh_start f on f.school_id = :owner and f.person_id = who.person_id"
    " where f.waits_until > app.now() and (f.ended is null or f.ended = 'done') group by who.id"
)
#: Who was there at least once: only they are thanked for it.
CAME = text("select cohort_id, parent_id from app.came_to(:ids)")
#: Where a parent's messages go that is also where they proved to be themselves: staff write the one, never the other.
CONFIRMED = text("select id, channel from identity.confirmed_channels(:ids)")
TOKENS = text(
    "select o.id, t.address, t.name, t.is_open, t.expires_at, t.salt from unnest(cast(:ids as uuid[])) o(id)"
    " cross join lateral identity.token_address(o.id) t"
)
STOPPED_NUMBERS = text("select number_hash, stopped_at from stopped_number where number_hash = any(:ids)")
TEXTED_NUMBERS = text(
    "select distinct number_hash from outbox where school_id = :owner and number_hash = any(:ids)"
)
#: What was written before these messages to the same person about the same session, or all of its group; newest first.
EARLIER = text(
    "select m.id, o.step, o.step_before, bool_or(o.state in ('sending', 'sent', 'delivered')) went"
    " from outbox m join cohort_session s on s.school_id = m.school_id and s.id = m.subject_id"
    " join outbox o on o.school_id = m.school_id and o.recipient_kind = m.recipient_kind"
    " and o.recipient_id = m.recipient_id and o.topic in (m.topic, 'dates:' || s.cohort_id)"
    " and o.id < m.id and o.dedupe_key <> m.dedupe_key"
    " where m.school_id = :owner and m.id = any(:ids) group by m.id, o.dedupe_key, o.step, o.step_before"
    " order by max(o.id::text) desc"
)
#: Messages of which a newer one about the same thing was written since.
REPLACED = text(
    "select o.id from outbox o where o.school_id = :owner and o.id = any(:ids) and exists (select 1 from outbox n"
    " where n.school_id = o.school_id and n.recipient_kind = o.recipient_kind and n.recipient_id = o.recipient_id"
    " and n.topic = o.topic and n.channel = o.channel and n.id > o.id)"
)
REPLACED_OF_AUTHORITY = text(
    "select o.id from authority_outbox o where o.authority_id = :owner and o.id = any(:ids) and exists ("
    " select 1 from authority_outbox n where n.authority_id = o.authority_id and n.recipient_kind = o.recipient_kind"
    " and n.recipient_id = o.recipient_id and n.topic = o.topic and n.channel = o.channel and n.id > o.id)"
)
