"""How everybody stands, in one digest: what a search compares, and what it may leave out."""

from __future__ import annotations

from sqlalchemy import text

#: Memberships that are open to whoever has this browser, or one of the addresses.
MEMBERS = text(
    "select m.role, m.in_authority, m.in_school, m.person_id, exists (select from identity.browser_session s"
    " where s.token_hash = :hash and s.membership_id = m.id) as here from identity.membership m"
    " join identity.account a on a.id = m.account_id where m.ended_at is null"
    " and (m.begins_at is null or m.begins_at <= app.now()) and (a.email = :email or a.phone = :phone"
    " or m.account_id = (select s.account_id from identity.browser_session s where s.token_hash = :hash))"
)
SENT = text(
    "select id::text from outbox where state = 'sent' union all"
    " select id::text from authority_outbox where state = 'sent'"
)
_WHO = "case when {0} = any (cast(:known as uuid[])) then {0}::text else 'new' end"
#: What a refusal can depend on: everything but where messages go and what was sent.
GATES = f"""select md5(coalesce(string_agg(t, '|' order by t), '')) from (
  select concat_ws(' ', 'p', {_WHO.format("id")}, stage, do_not_ask_until) t from parent
  union all select concat_ws(' ', 'c', {_WHO.format("parent_id")}, texts_stopped_at is null, emails_stopped_at is null)
    from parent_contact
  union all select concat_ws(' ', 'f', {_WHO.format("id")}, stage, parent_id) from facilitator
  union all select concat_ws(' ', 's', email, role, ended_at is null) from staff_member
  union all select concat_ws(' ', 'g', email, role, ended_at is null) from authority_member
  union all select concat_ws(' ', 'e', {_WHO.format("parent_id")}, cohort_id, status) from enrolment
  union all select concat_ws(' ', 'o', {_WHO.format("parent_id")}, cohort_id, state) from place_offer
  union all select concat_ws(' ', 'l', {_WHO.format("facilitator_id")}, cohort_id) from cohort_facilitator
  union all select concat_ws(' ', 'a', role, email, kind, agreed_at is null, stopped_at is null) from appointment
  union all select concat_ws(' ', 'b', role, email, kind, agreed_at is null, stopped_at is null)
    from authority_appointment
  union all select concat_ws(' ', 'r', person_id, agreed_at is null, is_silent, ended) from fresh_start
  union all select concat_ws(' ', 'm', {_WHO.format("person_id")}, role, generation, ended_at is null, begins_at)
    from identity.membership
  union all select concat_ws(' ', 'h', id, state) from cohort
  union all select concat_ws(' ', 'c', stage) from school) x"""
#: Everything that is said of people, without ids of rows that a press made.
STATE = f"""select md5(coalesce(string_agg(t, '|' order by t), '')) from (
  select concat_ws(' ', 'p', {_WHO.format("id")}, stage, do_not_ask_until) t from parent
  union all select concat_ws(' ', 'c', {_WHO.format("parent_id")}, email, phone, texts_stopped_at is null,
    emails_stopped_at is null) from parent_contact
  union all select concat_ws(' ', 'f', {_WHO.format("id")}, stage, email, phone, parent_id) from facilitator
  union all select concat_ws(' ', 's', email, role, ended_at is null) from staff_member
  union all select concat_ws(' ', 'g', email, role, ended_at is null) from authority_member
  union all select concat_ws(' ', 'e', {_WHO.format("parent_id")}, cohort_id, status) from enrolment
  union all select concat_ws(' ', 'l', {_WHO.format("facilitator_id")}, cohort_id) from cohort_facilitator
  union all select concat_ws(' ', 'a', role, email, kind, agreed_at is null, stopped_at is null) from appointment
  union all select concat_ws(' ', 'b', role, email, kind, agreed_at is null, stopped_at is null)
    from authority_appointment
  union all select concat_ws(' ', 'r', person_id, channel, address, agreed_at is null, is_silent, ended)
    from fresh_start
  union all select concat_ws(' ', 'm', {_WHO.format("person_id")}, role, generation, ended_at is null, begins_at)
    from identity.membership
  union all select concat_ws(' ', 'w', email, phone, disabled_at is null, totp_secret is null) from identity.account
  union all select concat_ws(' ', 't', purpose, role, {_WHO.format("person_id")}, channel, address, used_at is null,
    cancelled_at is null) from identity.token
  union all select concat_ws(' ', 'c', stage) from school) x"""
#: What decides what arrives at the chosen addresses and what it opens.
OPENING = f"""select md5(coalesce(string_agg(t, '|' order by t), '')) from (
  select concat_ws(' ', 't', t.purpose, t.role, {_WHO.format("t.person_id")}, t.channel, t.address) t
    from identity.token t where t.address = any (:chosen) and t.used_at is null and t.cancelled_at is null
  union all select concat_ws(' ', 'w', a.email, a.phone, m.role, {_WHO.format("m.person_id")}, m.generation)
    from identity.account a join identity.membership m on m.account_id = a.id and m.ended_at is null
    where a.email = any (:chosen) or a.phone = any (:chosen)
  union all select concat_ws(' ', 'o', o.kind, o.channel, {_WHO.format("o.recipient_id")}) from outbox o
    where o.state = 'queued' and o.recipient_id in (
      select c.parent_id from parent_contact c where c.email = any (:chosen) or c.phone = any (:chosen)
      union select f.id from facilitator f where f.email = any (:chosen) or f.phone = any (:chosen)
      union select s.id from staff_member s where s.email = any (:chosen)
      union select g.id from authority_member g where g.email = any (:chosen))
  union all select concat_ws(' ', 'm', {_WHO.format("m.person_id")}, m.role, m.generation, m.ended_at is null)
    from identity.membership m) x"""
