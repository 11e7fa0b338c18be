"""Sentences that other rooms say in English, said in the agent's language: each is known by its shape, its facts stand in the braces.

`store` and `mailsync` know no languages; an error, a refusal or a warning of theirs is one English sentence. A sentence that is not here
is shown as it is. A test holds every shape against the code it comes from, so that none goes stale.
"""

import re
from functools import lru_cache

from mailsync.mime.carried.pgp import ENCRYPTED_PGP, ENCRYPTED_PGP_MIME, ENCRYPTED_SMIME
from mailsync.mime.unread import UNREAD
from tui.view.remarks import REMARKS
from tui.view.system_words import system_words
from tui.words import _, language

INSTEAD_OF_TEXT = (ENCRYPTED_PGP, ENCRYPTED_PGP_MIME, ENCRYPTED_SMIME)
"""Sentences of ours that stand where a mail has no text that can be read."""

SENTENCES: tuple[str, ...] = (
    # The query.
    "the query cannot be understood at character {position}: {problem}",
    "this quotation mark is never closed",
    "there is nothing between these quotation marks",
    "this parenthesis was never opened",
    "this parenthesis is never closed",
    "something must follow here",
    "it is nested too deeply",
    "it is longer than {most} characters",
    "the value is empty",
    "a star cannot stand behind a value of `{name}:`",
    "there is no field {name}",
    "there is no field {name}; did you mean `{meant}:`",
    "{name} needs a value right after its colon",
    "{word} must stand between two parts",
    "{value} is none of {words}",
    "{value} is no number",
    "{value} is no date such as 2026-01-31",
    "{value} is no length of time such as 12h, 3d, 2w, 6m or 1y",
    # The team's server.
    "the server at {where} cannot be reached: {why}",
    "the server at {where} is not trusted: {why}; if its certificate was renewed, ask for a new invitation, or set `server.ca_file`",
    "what answers at {where} is no madoguchi server of this version: {why}",
    "the server at {where} does not know who calls{detail}; `mado login`, or join with a new invitation",
    "the server at {where} says that you are no member of this team any more; nothing was removed from this machine: ask your leader",
    "the server at {where} does not take this name ({member}) and password",
    "the server at {where} does not allow it: {why}",
    "this invitation cannot be used: {why}; ask for a new one (`mado member add` at the server)",
    "`{text}` {problem}; a server is http://HOST:PORT, https://HOST[:PORT] or unix:/PATH",
    "the server at {where} cannot use this request: {why}",
    "the server at {where} was restored from a backup; the local mirror must be loaded anew",
    "{home} has joined {url} already; use another home: `mado --home DIR join …`",
    "{home} cannot be written: {problem}",
    "{home} has no server yet: `mado join INVITATION`, or set `server.url`",
    "the server does not take it",
    "it does not begin with {prefix}",
    "it is not whole",
    "it hung up",
    "no answer in time",
    "its certificate is not the one of the invitation",
    "its certificate is not valid",
    "{path} cannot be attached: {why}",
    "there is no such file",
    "it is no file",
    "it is empty",
    "it is larger than {most} MB",
    # The mailboxes.
    "{host}:{port} {problem}: check `imap.host` and `imap.port`, and the network",
    "the certificate of {host} {problem}, so no password was sent: {remedy}",
    "{host} {problem}: nothing is lost, the next connection goes on from here",
    "{host} does not speak IMAP as it should ({problem}): is this the right port?",
    "{host} refused the login of {user}{said}: check `imap.user` and the stored password",
    '{host}: {problem}, so no password was sent: set `imap.tls` to "implicit" or "starttls"',
    "{path} holds no certificate that could be read: check `{key}` for {host}",
    "{host} does not open the mailbox {mailbox}{said}: check `mailboxes` and `sent` of this inbox",
    '{host} refused {command}: "{reason}"',
    "the rest of this message is not at the server any more: somebody moved or deleted it there",
    "the mailbox {mailbox} cannot be opened at {host}, {problem}: check `mailboxes` and `sent` of this inbox",
    "it only holds other mailboxes",
    "there is none of this name (did you mean {like}?)",
    "there is none of this name (but {there})",
    "{host} lets this login not read the mailbox {mailbox}: ask its owner for the right to read, or take it out of `mailboxes`",
    "{host} refused the token of {user}{said}: check `imap.user`, and that `imap.token_command` or the stored token is still good",
    '{host} offers no login for `imap.auth = "{auth}"`, only {offered}: set `imap.auth` to one that it offers',
    "{host} is not to be trusted: {problem}; the password was not sent: check `imap.host`",
    "it could not prove that it knows the password",
    "the proxy {proxy} {problem}, so {host} was not reached: check `imap.proxy`",
    '{host} cannot be read now ("{reason}"): nothing is lost, it goes on by itself in a while',
    "it lists messages, and hands over none of them",
    "the mail could not be fetched ({kind}); this is a bug, please report it: it is tried again in a while",
    "a search names more messages than a mailbox can hold",
    "is not reached",
    "refused its user and password",
    "wants a user and password",
    "does not allow this connection",
    "did not answer in time",
    'allows no more connections now ("{reason}")',
    'takes no logins now ("{words}")',
    'said goodbye ("{reason}")',
    "the token server {where} {problem}: check `imap.token_url` and the network",
    (
        'the token server {where} gave no new token for {inbox} ("{reason}"): log in with the provider anew, '
        "then store the refresh token with `mado login --inbox`"
    ),
    "is no host that can be found",
    "is not listening (connection refused)",
    "did not answer within {seconds} s",
    "hung up at once",
    "has expired",
    "is not valid yet",
    "whoever runs the server must renew it",
    "check this machine's clock",
    "closed the connection",
    "was silent for {seconds} s",
    # Sending.
    "The mail server {host}:{port} could not be reached ({problem}). Nothing was sent.",
    "No name server answered the question for {name}. Nothing is known of it; try again later.",
    (
        "The certificate of the mail server {host}:{port} was not accepted ({problem}). Nothing was sent; "
        "check `smtp.host`, or name the house's own CA in `smtp.ca_file`."
    ),
    "The mail server {host}:{port} does not work with these settings ({problem}). Nothing was sent; check `smtp.port` and `smtp.tls`.",
    "The mail server {host} refused the login of {user} ({problem}). Nothing was sent; check `smtp.user` and its password.",
    '{host} is another machine and `smtp.tls` is "none". Nothing was sent; set `smtp.tls` to "implicit" or "starttls".',
    "The proxy {proxy} {problem}, so the mail server {host} was not reached. Nothing was sent; check `smtp.proxy`.",
    (
        "The mail server {host} refused the token of {user} ({problem}). Nothing was sent; check `smtp.user`, and that "
        "`smtp.token_command` or the stored token is still good and may send."
    ),
    "no certificate could be read from {path}; check `smtp.{key}`",
    "The inbox {inbox} has no `[inbox.smtp]` in the server's settings. Nothing was sent.",
    "the connection was lost",
    "no answer within {seconds} s",
    "The reply has no recipient.",
    "A file's name contains a control character.",
    "There is a control character in {what}.",
    "{address} is no mail address.",
    "{address} is no mail address: its domain cannot be written in ASCII.",
    "{path} cannot be attached: {problem}",
    "the attachments would be larger than {most} MiB",
    "The text holds characters that ISO-2022-JP does not have; take them out, or send it in UTF-8.",
    "The original has lines that do not end as a mail's do, so it cannot be redirected as it is; forward it.",
    # This machine.
    "access to the team has ended, and its mail was removed from {home}; with a new invitation, `mado join` opens it again",
    ("access to the team has ended, but what you wrote could not be kept in {place} ({problem}); nothing was removed: mend that, and start again"),
    "{path}: {what}{detail}",
    "another program is writing to it; nothing was changed, try again",
    "the disk is full; nothing was changed, make room and try again",
    "the disk could not be read or written; nothing was changed",
    "cannot be opened; look at its folder and its access rights",
    "is damaged; a mail cache is rebuilt at the next start, a server's journal must be restored from its backup",
    "was written by a newer madoguchi; update this one",
    "was written by an older madoguchi; stop every server, make a backup, and run `mado server migrate`",
    "does not answer; try again when it is back",
    "{where}: something is there already, and nothing is written over it; name a new place.",
    "{where}: {why}. Nothing was changed.",
    "The database must be named as `postgresql://…`. Leave it out, and the server keeps the team's data in its home.",
    "A database's URL must hold no password: put it into `~/.pgpass` (0600) of the server's account, and leave it out here.",
    "There is no secret `{name}` here: store it with `mado login --inbox`, or set `password_command` in settings.toml",
    "The command for the secret `{name}` ({program}) {problem}; run it in a shell to see why",
    "The keyring {problem}; unlock it, or set `password_command` in settings.toml",
    "{name} runs already in {home}{who}; there can be only one",
    "another program of this home{who} fetches the mail; what it fetches is seen here as well",
    "The mail cache was damaged and is fetched again; the damaged one is {path}",
    "The mail cache was of an older version and is fetched again",
    "The file of drafts was damaged; a new one was made, and the damaged one is kept as {path}",
    "{path} was a file of another program; a new one was made, and the other is kept as {aside}",
    "{folder} is not empty and no earlier demo's: name an empty or a new folder with `--home`",
    "the demo's team server is gone: {words}",
    # The team.
    "This invitation was used already, has run out, or was never given: ask for a new one.",
    "There is, or was, a member @{key} already; choose another name.",
    "There is no member @{key}.",
    "{name} gives no key: it needs letters a-z or digits; name a key as well.",
    "@{key} is the only admin; make another one first.",
    # People and trust.
    "the server at {where} wants a second factor: {why}",
    "{path} cannot be read as a PEM certificate",
    "A code of the authenticator app is needed as well.",
    "This code is wrong, or was used already.",
    "This code is wrong: look at the clock of the phone, and of the server.",
    "Calls from this address are not taken.",
    "This role needs a second factor first: `mado session totp on`.",
    "Your password is needed, and this is not it.",
    "You have no password: ask an admin for a new invitation.",
    "This password is one of those that are tried first; choose another, for example four words.",
    "This password is mostly your own name or address; choose another, for example four words.",
    "A password needs {shortest} to {longest} letters.",
    "Too many wrong tries; wait {seconds} s.",
    "Many log in at this moment; try again in some seconds.",
    "This member calls with a certificate, and it was not shown.",
    "This member is above you, or works where you do not lead.",
    "A member with the role {role} may not do this.",
    "a comment has at most {most} characters",
    "a reply needs a recipient and a text",
    "a template needs a key, a name and a body",
    "there is no template `{key}`",
    "the key, name, subject and folders of a template are one line each, of 200 letters at most",
    "the text of a template has 100,000 letters at most",
    "a hot key is made of 1 to 8 small letters and digits",
    "a field has a name of letters and digits, and a value on one line without braces",
    "the field `{name}` is filled by madoguchi itself",
    "holidays are dates such as 2026-12-29, with commas between them",
    "a domain is written like example.jp",
    # The command line.
    "there is nothing to send: give --body or --template, or write a draft first",
    'a line on stdin is no object with "query" and "limit": {problem}',
    "the settings here know no inbox `{key}`: nobody knows what address to answer from",
    "{path}:{line}: it cannot be imported: {problem}",
    "there is no text below the header",
    "there is no header {name}; put an empty line above the text",
    "the header {name} stands there twice",
    "{path} is the template `{key}` already",
    "there is no template `{key}`; `mado template list` names them",
    "it is not readable text in UTF-8",
    "it is empty",
    *REMARKS,
    # The send check.
    "`{name}` is no file, and no conversation with a draft here",
    "there is no check `{code}`; `mado check --list` names them",
    "{name}: line {number} is no `error WORD => INSTEAD @INBOX` or `warning …`",
    "the view {name} cannot be kept: {problem}",
    "there is no view {name}; `mado view list` shows them",
    "a view needs a name of at most {LONGEST_NAME} letters",
    "a view's query is one line of text",
    "a view's key is one letter or digit",
    "`g{key}` means something already",
    "a view's columns are of {columns}",
    "the team has {MOST_VIEWS} views already",
    "`{word}` is not on the list; `mado words list` shows it",
    *(*INSTEAD_OF_TEXT, *UNREAD),
)
"""In the order of the rooms; where two fit, the one with more words of its own is taken."""


IN_BRACKETS = frozenset({"detail", "said", "who"})
"""Facts that are nothing, or stand in brackets behind a blank."""


def in_own_words(sentence: str) -> str:
    """The sentence in the agent's language, its facts too where they are sentences of ours; else as it is."""
    if language() == "en":
        return sentence
    for template, shape in _shapes():
        found = shape.fullmatch(sentence)
        if found:
            return _(template).format(**{name: in_own_words(fact) for name, fact in found.groupdict().items()})
    return system_words(sentence)


@lru_cache(1)
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, _shape(template)) for template in sorted(SENTENCES, key=_generality))


def _generality(template: str) -> int:
    """The fewer letters of its own a shape has, the later it is tried."""
    return -len(re.sub(r"\{\w+\}", "", template))


def _shape(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(_fact(piece) if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)), re.DOTALL)


def _fact(name: str) -> str:
    return rf"(?P<{name}>(?: \(.*\))?)" if name in IN_BRACKETS else f"(?P<{name}>.*?)"
