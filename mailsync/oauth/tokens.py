"""The access token of one inbox: kept from one login to the next, renewed before it runs out or when the server refuses it.

Some providers give a new refresh token with each access token and withdraw everything when an old one comes again, so a new one is stored
before anything else is done with the answer, and two processes of a home never renew at the same time.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from mailsync.oauth.errors import RenewalRefused, TokenServerAway
from mailsync.oauth.grant import Grant, Granted, read_answer, refresh_form
from store.clock import Clock
from store.settings.errors import SecretMissing
from store.settings.secrets import Secret, Secrets

SPARE_SECONDS = 120.0
"""A token that runs out so soon is not begun with: clocks differ, and a login takes its time."""

Post = Callable[[str, bytes], tuple[int, bytes]]
"""Posts a form to a URL; returns status and body."""


class KeptToken(msgspec.Struct, frozen=True):
    """An access token as it lies among the secrets."""

    token: str
    until: datetime


class Tokens:
    """The tokens of one inbox; `name` is the secret under which the refresh token lies, `NAME:access` that of the access token."""

    def __init__(
        self, secrets: Secrets, name: str, inbox: str, grant: Grant, clock: Clock, post: Post, client_secret: Callable[[], str] = str
    ) -> None:
        self._secrets = secrets
        self._name = name
        self._inbox = inbox
        self._grant = grant
        self._clock = clock
        self._post = post
        self._client_secret = client_secret

    def current(self) -> Secret:
        """A token that is good for the next login, renewed if need be; blocking.

        Raises:
            SecretMissing: Nobody has stored a refresh token.
            RenewalRefused, TokenServerAway: It could not be renewed.
        """
        kept = self._kept()
        return Secret(kept.token) if kept is not None else self._renew(None)

    def renewed(self, refused: Secret) -> Secret:
        """Another token than `refused`, which the mail server did not take; raises as `current` does."""
        return self._renew(refused)

    def _renew(self, refused: Secret | None) -> Secret:
        with self._secrets.alone():
            # While we waited for our turn somebody else may have done it.
            kept = self._kept()
            if kept is not None and Secret(kept.token) != refused:
                return Secret(kept.token)
            granted = self._ask()
            if granted.refresh_token:
                self._secrets.put(self._name, Secret(granted.refresh_token))
            until = self._clock.now() + timedelta(seconds=granted.life_seconds)
            text = msgspec.json.encode(KeptToken(granted.access_token, until)).decode("utf-8")
            self._secrets.put(f"{self._name}:access", Secret(text))
            return Secret(granted.access_token)

    def _ask(self) -> Granted:
        where = urlsplit(self._grant.token_url).hostname or "?"
        refresh = self._secrets.get(self._name)
        if refresh is None:
            raise SecretMissing(self._name)
        answer = read_answer(*self._post(self._grant.token_url, refresh_form(self._grant, refresh.reveal(), self._client_secret())))
        if isinstance(answer, Granted):
            return answer
        if answer.is_final:
            raise RenewalRefused(where, self._inbox, answer.code)
        raise TokenServerAway(where, f"gave no token ({answer.code})")

    def _kept(self) -> KeptToken | None:
        """The access token that lies there, if it is good for a while."""
        stored = self._secrets.get(f"{self._name}:access")
        if stored is None:
            return None
        try:
            kept = msgspec.json.decode(stored.reveal(), type=KeptToken)
        except (msgspec.MsgspecError, UnicodeError):
            return None
        is_good = kept.until.tzinfo is not None and kept.until - self._clock.now() > timedelta(seconds=SPARE_SECONDS)
        return kept if is_good else None
