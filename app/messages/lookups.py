"""The statements of `facts.py` about messages, links and numbers. Each names its school or authority."""

from __future__ import annotations

from sqlalchemy import text

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
