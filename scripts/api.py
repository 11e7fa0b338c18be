"""Write the typed client (mailsync/link/) and docs/api.md from the server's table of calls; `--check` only says whether they are up to date."""

import re
import sys
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from aiohttp import web

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mailsync.link import protocol  # noqa: E402  (the path above has to be set first)
from mailsync.server.calls import Endpoint  # noqa: E402
from mailsync.server.endpoints import ENDPOINTS  # noqa: E402
from mailsync.server.mailing_endpoints import MAILINGS  # noqa: E402
from mailsync.server.matrix import Row, rows  # noqa: E402
from store.domain import ids  # noqa: E402
from store.domain.people import Role  # noqa: E402

CLIENT = ROOT / "mailsync/link/calls.py"
MAILING_CLIENT = ROOT / "mailsync/link/mailing_calls.py"
PAGE = ROOT / "docs/api.md"
IN_PATH = {
    "conversation_id": ids.ConversationId,
    "key": ids.MemberKey,
    "inbox": ids.InboxKey,
    "mailing_id": ids.MailingId,
    "submission_id": ids.SubmissionId,
}
UNIONS = {protocol.Answer: "Answer"}
"""Names of unions, which do not know their own."""

CLIENT_HEAD = '''"""One method for each call of the server. Made by `scripts/api.py` from `mailsync.server.endpoints`: change that, not this."""

from typing import cast
from urllib.parse import quote

from mailsync.link.mailing_calls import MailingCalls
{imports}


class Calls(MailingCalls):
    """What a client can ask. How it is asked is for the class that inherits this to say."""

'''

MAILING_HEAD = '''"""The calls about mailings. Made by `scripts/api.py` from `mailsync.server.mailing_endpoints`: change that, not this."""

from typing import cast
from urllib.parse import quote

{imports}


class MailingCalls:
    """A part of `mailsync.link.calls.Calls`."""

    async def _call(self, method: str, path: str, kind: object = None, *, body: object = None, query: dict[str, object] | None = None) -> object:
        raise NotImplementedError
'''

PAGE_HEAD = """# The server's calls, and who may make them

Made by `scripts/api.py` from the table that the server itself answers by (`mailsync/server/endpoints.py`, `needs.py`) and from the commands
and events of `store/domain/`. The same table gives `GET /v1/openapi.json` (`mado server openapi` prints it without a server), the typed
client, and the test that tries every line as every role.

Every call but those of the right `enter` needs a session (`Authorization: Bearer …`), or a Unix socket whose peer the server knows; without
one it is 401. A call or a command about an inbox that is not the member's is 403. Errors are `{"error": word, "message": sentence}`. A
refusal by the team's rules is an answer: 200 with `refused`. Every answer carries `Mado-As-Of` (how far the journal was) and `Mado-Epoch`
(which journal).
"""


class Imports:
    """The names a generated file uses."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}

    def spelled(self, kind: Any) -> str:
        """How a type is written, with its import noted."""
        if kind is None or kind is type(None):
            return "None"
        if kind in UNIONS:
            return self._imported(protocol.__name__, UNIONS[kind])
        origin = get_origin(kind)
        if origin in {Union, UnionType}:
            return " | ".join(self.spelled(one) for one in get_args(kind))
        if origin is not None:
            return f"{origin.__name__}[{', '.join(self.spelled(one) for one in get_args(kind))}]"
        if kind.__module__ == "builtins":
            return str(kind.__name__)
        return self._imported(kind.__module__, kind.__name__)

    def _imported(self, module: str, name: str) -> str:
        self._names.setdefault(module, set()).add(name)
        return name

    def lines(self) -> str:
        """The import statements."""
        return "\n".join(f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(self._names.items()))


def client(head: str, endpoints: Iterable[Endpoint]) -> str:
    """A whole module."""
    imports = Imports()
    methods = [method(endpoint, imports) for endpoint in endpoints if endpoint.answer is not web.StreamResponse]
    return "\n".join([head.format(imports=imports.lines()), *methods])


def method(endpoint: Endpoint, imports: Imports) -> str:
    """One call of the client."""
    in_path = re.findall(r"\{(\w+)\}", endpoint.path)
    arguments = ["self", *(f"{name}: {imports.spelled(IN_PATH.get(name, str))}" for name in in_path)]
    passed = [repr(endpoint.method).replace("'", '"'), path_of(endpoint, in_path)]
    answer = imports.spelled(endpoint.answer)
    if endpoint.answer is not None:
        passed.append(answer)
    if endpoint.body is not None:
        arguments.append(f"body: {imports.spelled(endpoint.body)}")
        passed.append("body=body")
    if endpoint.query is not None:
        hints = get_type_hints(endpoint.query)
        fields = msgspec.structs.fields(endpoint.query)
        arguments += [f"{field.name}: {imports.spelled(hints[field.name])} = {default(field.default)}" for field in fields]
        passed.append("query={" + ", ".join(f'"{field.name}": {field.name}' for field in fields) + "}")
    call = f"await self._call({', '.join(passed)})"
    return "\n".join(
        [
            f"    async def {endpoint.name}({', '.join(arguments)}) -> {answer}:",
            f'        """{endpoint.summary}"""',
            f"        {call}" if endpoint.answer is None else f'        return cast("{answer}", {call})',
            "",
        ]
    )


def default(value: object) -> str:
    """How a default is written."""
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value)


def path_of(endpoint: Endpoint, in_path: Iterable[str]) -> str:
    """The path with its parts escaped."""
    path = endpoint.path
    for name in in_path:
        path = path.replace(f"{{{name}}}", f'{{quote({name}, safe="")}}')
    return f"f'{path}'" if path != endpoint.path else f'"{path}"'


def page() -> str:
    """The whole page."""
    roles = list(Role)
    lines = [PAGE_HEAD]
    for kind, title in (("call", "Calls"), ("command", "Commands (`POST /v1/commands`)"), ("event", "Events (stream, events, snapshot)")):
        lines += [f"## {title}", "", f"| {kind} | needs | {' | '.join(roles)} | in another's inbox |", f"| --- | --- | {'--- | ' * len(roles)}--- |"]
        lines += [line(row, roles) for row in rows() if row.kind == kind]
        lines.append("")
    return "\n".join(lines)


def line(row: Row, roles: list[Role]) -> str:
    """One line of a table."""
    marks = " | ".join("yes" if role in row.roles else "–" for role in roles)
    elsewhere = "not told" if row.kind == "event" and row.inbox else "403" if row.inbox else "" if row.kind != "event" else "told"
    return f"| `{row.what}` | {row.needs} | {marks} | {elsewhere} |"


def formatted(text: str) -> str:
    """As the house's formatter lays it out."""
    import subprocess  # only here

    ruff = Path(sys.executable).parent / "ruff"
    command = [str(ruff), "format", "--stdin-filename", str(CLIENT), "-"]
    sorted_imports = subprocess.run(
        [str(ruff), "check", "--select", "I", "--fix", "--quiet", "--stdin-filename", str(CLIENT), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    return subprocess.run(command, input=sorted_imports, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main() -> int:
    """Write all three, or compare them."""
    others = [endpoint for endpoint in ENDPOINTS if endpoint not in MAILINGS]
    made = {
        MAILING_CLIENT: formatted(client(MAILING_HEAD, MAILINGS)),
        CLIENT: formatted(client(CLIENT_HEAD, others)),
        PAGE: page(),
    }
    if "--check" in sys.argv:
        return 0 if all(path.read_text("utf-8") == text for path, text in made.items()) else 1
    for path, text in made.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
