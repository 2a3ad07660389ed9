"""An OpenID provider for tests: real HTTP on loopback, real signatures, PKCE checked; and it lies when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from infra.openid import WELL_KNOWN, OpenIdProvider

CLIENT_ID, CLIENT_SECRET = "webelong-test", "only-for-tests"


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def new_key() -> RSAKey:
    """A key as providers have them."""
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})


_first_key = cache(new_key)


class FakeProvider:
    """Signs in `subject` without asking. What is in the public attributes may be changed at any time."""

    def __init__(self, url: str) -> None:
        self.url = url
        #: Path before every endpoint and in the issuer: "/tenant/v2.0" plays Microsoft.
        self.base = ""
        self.subject = "person-1"
        #: Added to the token; None takes a claim away.
        self.claims: dict[str, Any] = {}
        #: Added to the discovery document.
        self.metadata: dict[str, Any] = {}
        #: A whole answer in place of the right one, by path.
        self.answers: dict[str, tuple[int, str]] = {}
        self.key = _first_key()
        self.published = [self.key]
        self.sign: Callable[[dict[str, Any]], str] = self.sign_honestly
        self.codes: dict[str, dict[str, str]] = {}
        #: Every request that came: path and form or query.
        self.seen: list[tuple[str, dict[str, str]]] = []
        #: Every token and code that was given out.
        self.given: list[str] = []

    @property
    def issuer(self) -> str:
        return self.url + self.base

    def settings(self, **changes: Any) -> OpenIdProvider:
        """This provider as OIDC_PROVIDERS would describe it."""
        values = {
            "name": "larkfield",
            "label": "Larkfield ID",
            "kind": "generic",
            "discovery_url": self.issuer + WELL_KNOWN,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        return OpenIdProvider.model_validate(values | changes)

    def sign_honestly(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def rotate(self) -> None:
        """Sign with a new key and publish that alone."""
        self.key = new_key()
        self.published = [self.key]

    def count(self, path: str) -> int:
        return sum(seen == path for seen, _values in self.seen)

    # What is answered

    def answer(self, path: str, values: dict[str, str], headers: Any) -> tuple[int, str, dict[str, str]]:
        self.seen.append((path, values))
        if path in self.answers:
            status, body = self.answers[path]
            return status, body, {}
        if path == self.base + WELL_KNOWN:
            return 200, json.dumps(self.discovery()), {}
        if path == self.base + "/keys":
            keys = [key.as_dict(private=False) for key in self.published]
            return 200, json.dumps({"keys": keys}), {}
        if path == self.base + "/authorize":
            return 302, "", {"Location": self.authorise(values)}
        if path == self.base + "/token":
            status, answer = self.token(values, headers)
            return status, json.dumps(answer), {}
        return 404, "{}", {}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/token",
            "jwks_uri": self.issuer + "/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.metadata

    def authorise(self, values: dict[str, str]) -> str:
        assert values["response_type"] == "code"
        assert values["client_id"] == CLIENT_ID
        assert values["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = values
        self.given.append(code)
        return f"{values['redirect_uri']}?{urlencode({'code': code, 'state': values['state']})}"

    def token(self, values: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        sent = (values.get("client_id"), values.get("client_secret"))
        if headers.get("Authorization") != f"Basic {expected}" and sent != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(values.get("code", ""), None)
        if asked is None or values.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if base64url(hashlib.sha256(values["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        answer: dict[str, Any] = {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 300,
        }
        answer["id_token"] = self.sign(claims)
        self.given += [answer["access_token"], answer["id_token"]]
        return 200, answer


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """A provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._answer(parts.path, parts.query)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer(urlsplit(self.path).path, self.rfile.read(length).decode())

        def _answer(self, path: str, encoded: str) -> None:
            values = {name: value[0] for name, value in parse_qs(encoded).items()}
            status, body, headers = provider.answer(path, values, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = FakeProvider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


@contextmanager
def running_mock() -> Iterator[str]:
    """The address of `oidc-provider-mock`, a provider that others wrote, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "oidc_provider_mock",
            "--port",
            str(port),
            "--require-nonce",
            "true",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                requests.get(url + WELL_KNOWN, timeout=5)
                break
            except requests.ConnectionError:
                if process.poll() is not None or time.monotonic() > until:
                    raise AssertionError("oidc-provider-mock did not start") from None
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)
