"""A small real OpenID Connect provider on 127.0.0.1: discovery, keys, authorization, tokens, userinfo.

What it says of the person, and how it misbehaves, is set by the test through `person` and `spoil`.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET, KEY_ID = "microcities-test", "a secret of the test", "key-1"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OidcServer:
    """The provider; use as a context manager. `requests` holds the paths it was asked for."""

    def __init__(self) -> None:
        self.key = new_key()
        self.person: dict[str, Any] = {"sub": "PK:161175-19997"}
        self.spoil: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign_with = self.key
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.requests: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer_get(self)

            def do_POST(self) -> None:
                server.answer_post(self)

            def log_message(self, *_args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)

    def __enter__(self) -> "OidcServer":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self.thread.is_alive():
            self.http.shutdown()
            self.http.server_close()
            self.thread.join()

    def answer_get(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        self.requests.append(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(request, self._discovery())
        elif parts.path == "/jwks":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            self._json(request, {"keys": [{**jwk, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]})
        elif parts.path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.codes[code] = query
            self._redirect(request, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")
        elif parts.path == "/userinfo":
            token = request.headers["Authorization"].removeprefix("Bearer ")
            self._json(request, self.tokens[token])
        else:
            request.send_error(404)

    def answer_post(self, request: BaseHTTPRequestHandler) -> None:
        self.requests.append(request.path)
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != CLIENT_SECRET or not self._pkce_fits(asked, form):
            self._json(request, {"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": asked.get("nonce"),
            **self.person,
        }
        key: Any = self.sign_with if self.algorithm == "RS256" else "x" * 32
        token = secrets.token_urlsafe(16)
        self.tokens[token] = dict(self.person)
        id_token = jwt.encode(self.spoil(claims), key, algorithm=self.algorithm, headers={"kid": KEY_ID})
        self._json(request, {"access_token": token, "token_type": "Bearer", "id_token": id_token})

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    @staticmethod
    def _pkce_fits(asked: dict[str, str], form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        return asked.get("code_challenge") == base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @staticmethod
    def _json(request: BaseHTTPRequestHandler, data: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(data).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    @staticmethod
    def _redirect(request: BaseHTTPRequestHandler, address: str) -> None:
        request.send_response(302)
        request.send_header("Location", address)
        request.send_header("Content-Length", "0")
        request.end_headers()
