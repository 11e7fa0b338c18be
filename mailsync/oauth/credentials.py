"""What to log in with at an inbox's mail server: a password, or a token and the way to another one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from mailsync.oauth.grant import Grant
from mailsync.oauth.post import post_form
from mailsync.oauth.tokens import Tokens
from store.clock import Clock
from store.settings.commands import first_line
from store.settings.proxies import parse_proxy
from store.settings.secrets import Secret, Secrets
from store.settings.tables import InboxSettings, SmtpSettings


class Credential(msgspec.Struct, frozen=True):
    """`secret` is the password, or the access token; `renewed` gives another token when the server refuses this one, and may block."""

    secret: Secret
    renewed: Callable[[], Secret] | None = None


def imap_credential(inbox: InboxSettings, secrets: Secrets, clock: Clock) -> Credential:
    """What the settings say; may run the house's command or ask the provider's token server, so it blocks.

    Raises:
        SecretUnavailable: There is no password, no refresh token, or the command gave nothing.
        OAuthError: The token could not be renewed.
    """
    imap = inbox.imap
    if imap.auth == "password":
        return Credential(secrets.password_for("imap", inbox))
    if imap.token_command or not imap.token_url:
        # The command gives what it holds; run once more it may give a newer one.
        return Credential(secrets.password_for("imap", inbox), partial(secrets.password_for, "imap", inbox))
    name = f"imap:{inbox.key}"
    ca_file = Path(imap.ca_file) if imap.ca_file else None
    post = partial(post_form, ca_file=ca_file, proxy=parse_proxy(imap.proxy))
    command = imap.client_secret_command
    client_secret = partial(first_line, f"{name}:client", command) if command else str
    tokens = Tokens(secrets, name, inbox.key, Grant(imap.token_url, imap.client_id, imap.scope), clock, post, client_secret)
    token = tokens.current()
    return Credential(token, partial(tokens.renewed, token))


def smtp_credential(inbox: InboxSettings, smtp: SmtpSettings, secrets: Secrets, clock: Clock) -> Credential:
    """The same for sending: the token that `smtp.token_command` gives, or else the one that reads the mail, for providers give both rights in one."""
    if smtp.auth == "password":
        return Credential(secrets.password_for("smtp", inbox))
    if smtp.token_command:
        return Credential(secrets.password_for("smtp", inbox), partial(secrets.password_for, "smtp", inbox))
    return imap_credential(inbox, secrets, clock)
