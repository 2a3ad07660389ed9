"""Let the page of a work link say for which account the password is, to whoever holds that very link.

A password manager keeps a password under the account that the form names. The pages of an invitation to work here and
of a forgotten password knew no address, so a password was kept under nothing, or under a colleague's account.

Risk: whoever is handed somebody else's open link reads the address that it was sent to. They could set that account's
password by it; the app stands before them as it did. A link that was used, is over or was taken back says nothing, and
links of parents and of people who lead never do.
Rejected: a function of its own, a second door for one fact; the address in every answer, also of links of parents.
"""

from __future__ import annotations

from migrations.functions import SIGNIN, drop, function, install

revision = "0049"
down_revision = "0048"

PEEK = function(
    "peek_token",
    "p_hash bytea, p_browser_hash bytea",
    "table (purpose text, role text, name text, first_name text, invited_by text, channel text, authority_name text,"
    " school_name text, is_used boolean, is_over boolean, bound_elsewhere boolean, is_again boolean,"
    " contact_phone text, account_email text)",
    """
begin
  -- `is_again`: this very person has the role already. Of anybody else at the address nothing is said.
  -- `account_email`: where a password is chosen, and only while it can be: under what a password manager keeps it.
  return query select t.purpose, t.role, t.name,
      case when t.purpose = 'parent_invitation'
        then identity.first_name_of(t.role, t.in_school, t.person_id, t.name) else t.name end,
      t.invited_by, t.channel, g.name, k.name, t.used_at is not null,
      t.expires_at <= app.now() or t.cancelled_at is not null,
      t.browser_hash is not null and t.browser_hash is distinct from p_browser_hash,
      t.purpose = 'staff_invitation' and app.accounts_of(t.person_id, t.role) <> '{}',
      coalesce(nullif(k.contact_phone, ''), g.contact_phone),
      case when t.purpose in ('staff_invitation', 'password_reset') and t.channel = 'email' and t.used_at is null
        and t.cancelled_at is null and t.expires_at > app.now() then t.address else '' end
    from identity.token t left join public.authority g on g.authority_id = t.in_authority
    left join public.school k on k.school_id = t.in_school
    where t.token_hash = p_hash and t.purpose <> 'notice';
end""",
    SIGNIN,
)


def upgrade() -> None:
    drop(("peek_token(bytea, bytea)",))
    install((PEEK,))
