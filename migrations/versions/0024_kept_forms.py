"""Keep, for hours, what somebody sent after their session had ended, for that very account and role.

Sealed by the application; the row says neither whose it is nor what it is about. One person has five at most.

Risk: none, the table is new.
Rejected: the browser's own storage, which whoever has the device next could read; the session, which has ended.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace

revision = "0024"
down_revision = "0023"

TABLE = """
create table identity.kept_form (
  id uuid primary key, made_for bytea not null, sealed text not null check (length(sealed) <= 600000),
  created_at timestamptz not null default app.now(), until timestamptz not null);
create index kept_form_by_reader on identity.kept_form (made_for, created_at);
"""

FUNCTIONS = (
    function(
        "keep_form",
        "p_id uuid, p_made_for bytea, p_sealed text, p_until timestamptz",
        "boolean",
        """
begin
  if length(p_sealed) > 600000 then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('kept_form' || encode(p_made_for, 'hex'), 0));
  insert into identity.kept_form (id, made_for, sealed, until)
    values (p_id, p_made_for, p_sealed, least(p_until, app.now() + interval '12 hours'));
  delete from identity.kept_form k where k.made_for = p_made_for and k.id not in (select l.id
    from identity.kept_form l where l.made_for = p_made_for order by l.created_at desc, l.id desc limit 5);
  return true;
end""",
        SIGNIN,
    ),
    function(
        "waiting_form",
        "p_made_for bytea",
        "table (id uuid, sealed text)",
        """
begin
  return query select k.id, k.sealed from identity.kept_form k
    where k.made_for = p_made_for and k.until > app.now() order by k.created_at desc, k.id desc;
end""",
        SIGNIN,
    ),
    function(
        "drop_form",
        "p_id uuid, p_made_for bytea",
        "void",
        "begin delete from identity.kept_form k where k.id = p_id and k.made_for = p_made_for; end",
        SIGNIN,
    ),
)

REPLACED = (
    function(
        "purge",
        "",
        "void",
        """
begin
  delete from identity.browser_session s where s.expires_at < app.now() or s.last_seen_at + s.idle < app.now();
  delete from identity.kept_form k where k.until < app.now();
  delete from identity.attempt t where t.at < app.now() - interval '2 days';
  delete from identity.token t where t.expires_at < app.now() - interval '90 days';
  delete from identity.sign_in_event e where e.at < app.now() - interval '1 year'
    or (e.account_id is null and e.at < app.now() - interval '2 days');
end""",
        ("wb_documents",),
    ),
)


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("grant select, insert, update, delete on identity.kept_form to wb_identity")
    install(FUNCTIONS)
    replace(REPLACED)
