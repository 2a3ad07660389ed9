"""How people at work come in: password, then app or recovery code; and what they may change about both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app

from app.accounts import second_factor, throttle
from app.accounts.deputies import stands_in
from app.accounts.passwords import SHARERS, hash_password, is_costly, is_one_of, which_password
from app.identity import known_browsers
from app.identity.current import session
from app.identity.gate import ask_signing_in, function
from app.identity.roles import Role, label_of
from app.identity.secrets import Unreadable, keyed_hash, seal, unseal
from app.identity.websession import hash_secret, renew_secret
from infra.clock import now
from infra.logs import get_logger

log = get_logger()

FIND_ACCOUNT = function("find_password_account", "email")
ON_THE_WAY = function("account_on_the_way", "account_id")
APP_SECRET = function("app_secret", "account_id")
USE_STEP = function("use_totp_step", "account_id", "step")
USE_RECOVERY = function("use_recovery_code", "account_id", "code")
SET_TOTP = function("set_totp", "account_id", "secret", "step", "codes")
SET_PASSWORD = function("set_password", "account_id", "password_hash")
RENEW_HASH = function("renew_password_hash", "account_id", "old", "new")
REPLACE_CODES = function("replace_recovery_codes", "account_id", "codes")
COMING = function("coming_role", "account_id")
END_OTHER = function("end_other_session", "hash", "session_id")

#: Seconds from the password to the code.
PATIENCE = 15 * 60


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody at work whose password was right, on the way to their second factor."""

    account_id: UUID
    email: str
    has_second_factor: bool
    membership_id: UUID | None


def check_password(email: str, password: str, visitor: str) -> Account | None:
    """The account with this email and password, or None: same answer and same work for unknown addresses.

    Several people at work may share an address; their own passwords tell them apart. Raises TooManyTries.
    """
    if own := known_browsers.knows("email", email):
        throttle.spend(throttle.PASSWORD_OWN, email, own)
    else:
        throttle.spend(throttle.VISITOR, visitor)
        throttle.spend(throttle.PASSWORD_HERE, email, visitor)
        throttle.spend(throttle.PASSWORD, email)
    rows = ask_signing_in(FIND_ACCOUNT, email=email)
    place = which_password([row.password_hash for row in rows], password, places=SHARERS)
    if place is None:
        # Whose is not said: what was typed may be a password in the wrong box.
        log.warning("sign_in_refused", kind="password")
        return None
    row = rows[place]
    if is_costly(row.password_hash):
        new = hash_password(password)
        ask_signing_in(RENEW_HASH, account_id=row.account_id, old=row.password_hash, new=new)
    return Account(row.account_id, email, row.has_second_factor, row.membership_id)


def is_somebody_elses(email: str, password: str, account_id: UUID) -> bool:
    """Whether somebody else at work with this address has this password: it would tell nobody apart."""
    rows = ask_signing_in(FIND_ACCOUNT, email=email)
    others = [row.password_hash for row in rows if row.account_id != account_id]
    return is_one_of(others, password, places=SHARERS)


# ---- between the password and the second factor


def wait_for_second_factor(account_id: UUID) -> None:
    """Remember in this browser, under a new secret, that a password was right."""
    renew_secret(session)
    session["pending"] = {"account": str(account_id), "since": int(now().timestamp())}


def waiting_account() -> Account | None:
    """Who stands between password and second factor in this browser; None when nobody, or for too long."""
    pending = session.get("pending")
    if not pending or now().timestamp() - pending["since"] > PATIENCE:
        return None
    return find_account(UUID(pending["account"]))


def find_account(account_id: UUID) -> Account | None:
    """The account with this id, unless it is closed."""
    rows = ask_signing_in(ON_THE_WAY, account_id=account_id)
    if not rows:
        return None
    return Account(account_id, rows[0].email or "", rows[0].has_second_factor, rows[0].membership_id)


def coming_role(account_id: UUID) -> tuple[str, datetime | None] | None:
    """What the role is called that this account is to have, and from when; no moment while nobody agreed to it."""
    rows = ask_signing_in(COMING, account_id=account_id)
    if not rows:
        return None
    role = Role(rows[0].role)
    return label_of(role, is_deputy=stands_in(role, account=account_id)), rows[0].begins_at


def is_app_code(account: Account, code: str) -> bool:
    """Whether `code` is the app's and was not used before. Raises TooManyTries."""
    _spend_code(account)
    if not account.has_second_factor or not re.fullmatch(r"[0-9]{6}", code):
        return False
    try:
        secret = unseal(_secret_key(), ask_signing_in(APP_SECRET, account_id=account.account_id)[0][0] or "")
    except Unreadable:
        return False  # SECRET_KEY was changed: a recovery is a colleague's reset
    step = second_factor.matching_step(secret, code, now())
    right = step is not None and ask_signing_in(USE_STEP, account_id=account.account_id, step=step)[0][0]
    return _noted(right, account, "app_code")


def is_recovery_code(account: Account, code: str) -> bool:
    """Whether `code` is one of the account's and was not used before; it is used now. Raises TooManyTries."""
    _spend_code(account)
    right = ask_signing_in(
        USE_RECOVERY, account_id=account.account_id, code=_code_hash(account.account_id, code)
    )[0][0]
    return _noted(right, account, "recovery_code")


def _noted(right: bool, account: Account, kind: str) -> bool:
    if not right:
        log.warning("sign_in_refused", kind=kind, row_id=str(account.account_id))
    return right


def _spend_code(account: Account) -> None:
    throttle.spend(throttle.CODE, account.account_id)
    throttle.spend(throttle.CODE_LONG, account.account_id)


# ---- setting up the app


def set_up_secret() -> str:
    """The secret that this browser is setting up; made at the first call, the same until it is confirmed."""
    pending = session["pending"]
    if "secret" not in pending:
        session["pending"] = pending = {
            **pending,
            "secret": seal(_secret_key(), second_factor.new_secret()),
        }
    return unseal(_secret_key(), pending["secret"])


def confirm_app(account: Account, code: str) -> list[str] | None:
    """Keep the app that this browser set up, if `code` is its: new recovery codes, or None. Raises TooManyTries."""
    _spend_code(account)
    secret = set_up_secret()
    step = second_factor.matching_step(secret, code, now())
    if step is None:
        return None
    codes = second_factor.new_recovery_codes()
    kept = ask_signing_in(
        SET_TOTP,
        account_id=account.account_id,
        secret=seal(_secret_key(), secret),
        step=step,
        codes=_code_hashes(account.account_id, codes),
    )[0][0]
    return codes if kept else None


# ---- later changes


def change_password(account_id: UUID, password: str) -> None:
    """Set a new password and sign out everywhere else."""
    ask_signing_in(SET_PASSWORD, account_id=account_id, password_hash=hash_password(password))
    ask_signing_in(END_OTHER, hash=hash_secret(session.secret or ""), session_id=None)


def replace_recovery_codes(account_id: UUID) -> list[str]:
    """New recovery codes; the ones before are worth nothing."""
    codes = second_factor.new_recovery_codes()
    ask_signing_in(REPLACE_CODES, account_id=account_id, codes=_code_hashes(account_id, codes))
    return codes


def _code_hashes(account_id: UUID, codes: list[str]) -> list[bytes]:
    return [_code_hash(account_id, code) for code in codes]


def _code_hash(account_id: UUID, code: str) -> bytes:
    return keyed_hash(_secret_key(), "recovery", account_id, second_factor.plain_recovery_code(code))


def _secret_key() -> str:
    return current_app.config["SECRET_KEY"]
