"""What a key was used for: whoever sends another command under a used key is told so, and not what the first one came to."""

from hashlib import sha256

from msgspec.structs import replace

from store.domain.commands import AnyCommand, RequestCheck, SubmitReply, TeamCommand
from store.team.rows import to_json

FINGERPRINT_CHARACTERS = 24


def fingerprint(command: AnyCommand | TeamCommand) -> str:
    """24 hex digits that only the same command has.

    A reply's token is left out: one that had to wait comes again without it, under its first key (`mailsync.link.queue`).
    """
    if isinstance(command, SubmitReply):
        command = _lean(command)
    if isinstance(command, RequestCheck):
        command = replace(command, reply=_lean(command.reply))
    return sha256(to_json(command)).hexdigest()[:FINGERPRINT_CHARACTERS]


def _lean(reply: SubmitReply) -> SubmitReply:
    return replace(reply, token=None, mime=sha256(reply.mime).digest())
