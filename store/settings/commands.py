"""Asking a `password_command`: without a shell, without a terminal, within ten seconds."""

import os
import shlex
import signal
import subprocess

from store.settings.errors import CommandFailed

COMMAND_SECONDS = 10.0


def first_line(name: str, command: str, *, seconds: float = COMMAND_SECONDS) -> str:
    """The first line of what the command prints; `name` is the secret it is for. Its words are never repeated in an error.

    Raises:
        CommandFailed: Not found, failed, silent or too slow.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise CommandFailed(name, "?", f"cannot be read: {error}") from error
    if not words:
        raise CommandFailed(name, "?", "is empty")
    try:
        # A session of its own, so that whatever it has started can be ended with it.
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        raise CommandFailed(name, words[0], f"cannot be started: {error.strerror}") from error
    with process:
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            _end_session(process.pid)
            raise CommandFailed(name, words[0], f"did not answer within {seconds:g} s") from error
    if process.returncode:
        raise CommandFailed(name, words[0], f"failed with code {process.returncode}")
    return _line_of(printed, name, words[0])


def _end_session(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _line_of(printed: bytes, name: str, program: str) -> str:
    try:
        text = printed.decode("utf-8")
    except UnicodeDecodeError:
        # Without a cause: it would carry the bytes, and with them the password, into a log.
        raise CommandFailed(name, program, "printed something that is no UTF-8") from None
    # `pass show` prints the password first and notes below it.
    line = text.split("\n", 1)[0].removesuffix("\r")
    if not line:
        raise CommandFailed(name, program, "printed nothing")
    return line
