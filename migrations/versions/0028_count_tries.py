"""Count tries in a short window and a long one, in one trip.

Risk: none; the count of before goes, and what was counted stays.
Rejected: one call per window, which costs a trip more at every door and counts a try that the other window refuses.
"""

from __future__ import annotations

from migrations.functions import SIGNIN, drop, function, install

revision = "0028"
down_revision = "0027"

COUNT = function(
    "count_tries",
    "p_kind text, p_key bytea, p_windows interval[], p_limits integer[]",
    "integer",
    """
declare v_wait integer := 0; v_freed timestamptz;
begin
  -- Nought while there are tries left in every window, else the seconds to wait. A refused try is not counted.
  perform pg_advisory_xact_lock(hashtextextended(p_kind || encode(p_key, 'hex'), 0));
  for i in 1 .. cardinality(p_windows) loop
    -- The try that has to leave the window before there is room for another.
    select t.at + p_windows[i] into v_freed from identity.attempt t
      where t.kind = p_kind and t.key_hash = p_key and t.at > app.now() - p_windows[i]
      order by t.at desc offset p_limits[i] - 1 limit 1;
    if found then v_wait := greatest(v_wait, 1, ceil(extract(epoch from v_freed - app.now()))::integer); end if;
  end loop;
  if v_wait = 0 then insert into identity.attempt (kind, key_hash, at) values (p_kind, p_key, app.now()); end if;
  return v_wait;
end""",
    SIGNIN,
)


def upgrade() -> None:
    drop(("count_attempt(text, bytea, interval, integer)",))
    install((COUNT,))
