"""The refresh grant of OAuth 2.0 (RFC 6749 6): what to send, and what the answer means. Pure."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

USUAL_LIFE_SECONDS = 3600.0
"""Where the server leaves `expires_in` out, which RFC 6749 5.1 lets it."""
LONGEST_LIFE_SECONDS = 90 * 86400.0
ERROR_CODE = re.compile(r"[A-Za-z_]{1,40}")
FOR_GOOD = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "access_denied", "interaction_required"})
"""Refusals that asking again does not mend."""


@dataclass(frozen=True)
class Grant:
    """Who asks whom: the provider's token endpoint, and the program as it is registered there."""

    token_url: str
    client_id: str
    scope: str = ""


@dataclass(frozen=True)
class Granted:
    """A new access token, good for so long; `refresh_token` is "" where the old one stays in use."""

    access_token: str = field(repr=False)
    life_seconds: float
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Refused:
    """No token. `code` is the server's own word (RFC 6749 5.2), or what was wrong with its answer."""

    code: str

    @property
    def is_final(self) -> bool:
        """True when somebody must log in anew."""
        return self.code in FOR_GOOD


def refresh_form(grant: Grant, refresh_token: str, client_secret: str = "") -> bytes:
    """The body of the request, `application/x-www-form-urlencoded`."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": grant.client_id}
    fields |= {"client_secret": client_secret} if client_secret else {}
    fields |= {"scope": grant.scope} if grant.scope else {}
    return urlencode(fields).encode("ascii")


def read_answer(status: int, body: bytes) -> Granted | Refused:
    """Read what the token endpoint said; never raises."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return Refused(f"HTTP {status}")
    token, kind = said.get("access_token"), str(said.get("token_type", "bearer"))
    if status == 200 and isinstance(token, str) and _is_token(token) and kind.lower() == "bearer":
        refresh = said.get("refresh_token")
        return Granted(token, _life_seconds(said.get("expires_in")), refresh if isinstance(refresh, str) and _is_token(refresh) else "")
    code = said.get("error")
    return Refused(code if isinstance(code, str) and ERROR_CODE.fullmatch(code) else f"HTTP {status}")


def _is_token(text: str) -> bool:
    """Visible ASCII (RFC 6749 A.12): anything else could end the line it is sent in."""
    return bool(text) and text.isascii() and text.isprintable()


def _life_seconds(said: object) -> float:
    try:
        seconds = float(said) if isinstance(said, int | float | str) else USUAL_LIFE_SECONDS
    except ValueError:
        seconds = USUAL_LIFE_SECONDS
    return min(seconds, LONGEST_LIFE_SECONDS) if seconds > 0 else USUAL_LIFE_SECONDS
