"""A phone or computer that holds passkeys, in software: it signs as WebAuthn says, or wrongly, as a test wants."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def text_of(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """One passkey."""

    rp_id: str
    user_handle: bytes
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    count: int = 0


@dataclass
class Authenticator:
    """Makes keys and answers with them. `origin` is where its browser is; `verifies`: it asks for finger or PIN."""

    origin: str
    verifies: bool = True
    counts: bool = True
    key: Key | None = None

    def create(self, options: dict[str, Any], *, rp_id: str | None = None) -> str:
        """What `navigator.credentials.create` gives, as the page sends it."""
        self.key = Key(rp_id or options["rp"]["id"], bytes_of(options["user"]["id"]))
        public = self.key.private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        attested = (
            bytes(16)
            + len(self.key.credential_id).to_bytes(2, "big")
            + self.key.credential_id
            + cbor2.dumps(cose)
        )
        data = self._data(self.key.rp_id, HAS_KEY) + attested
        response = {
            "clientDataJSON": text_of(self._client("webauthn.create", options["challenge"])),
            "attestationObject": text_of(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def get(self, options: dict[str, Any], *, rp_id: str | None = None) -> str:
        """What `navigator.credentials.get` gives, as the page sends it."""
        assert self.key is not None
        if self.counts:
            self.key.count += 1
        data = self._data(rp_id or options["rpId"], 0)
        client = self._client("webauthn.get", options["challenge"])
        signature = self.key.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text_of(client),
            "authenticatorData": text_of(data),
            "signature": text_of(signature),
            "userHandle": text_of(self.key.user_handle),
        }
        return self._answer(response)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, rp_id: str, flags: int) -> bytes:
        assert self.key is not None
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.key.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        assert self.key is not None
        name = text_of(self.key.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
