"""A template as a text file that git can compare: some header lines where the file's place does not say it already, an empty line, the text.

The text is kept to the byte: line ends (LF or CRLF), blanks and the last line's end are the file's. A BOM is dropped. Pure.
"""

import re
import unicodedata
from hashlib import sha256
from pathlib import PurePosixPath

import msgspec
from msgspec.structs import replace

from store.domain.ids import GroupKey, InboxKey, TemplateKey
from store.domain.template import Template, folder_of

SUFFIXES = (".txt", ".md")
HEADERS = ("Key", "Name", "Folder", "Subject", "Hot-Key", "Inboxes", "Groups")
_KNOWN = {name.lower(): name for name in HEADERS}
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]*):(?: (.*))?")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever follows."""
LONGEST_BYTES = 120


class Unreadable(Exception):
    """The text is no template: `problem` in line `line`."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"{line}: {problem}")
        self.line = line
        self.problem = problem


def content_of(template: Template) -> Template:
    """What a file says of it: everything but its version, and whose it is."""
    return replace(template, version=1, withdrawn=False, folder=folder_of(template), person=None)


def digest_of(template: Template) -> str:
    """Short for the content: the same wherever it was written."""
    return sha256(msgspec.json.encode(content_of(template))).hexdigest()[:16]


def safe_name(text: str) -> str:
    """The text as the name of a file or folder on every system: NFC, Japanese stays, what some system forbids is `_`."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    name = name.encode()[:LONGEST_BYTES].decode(errors="ignore").rstrip(" .")
    return f"_{name}" if not name or name[0] in "~-_" or _RESERVED.fullmatch(name) else name


def path_of(template: Template) -> PurePosixPath:
    """Where it is written, in its folders."""
    return PurePosixPath(*(safe_name(folder) for folder in folder_of(template)), f"{safe_name(template.name)}.txt")


def render(template: Template, path: PurePosixPath) -> str:
    """The file at `path` (below the folder of all templates) for it."""
    assumed = _assumed(path)
    said = {
        "Key": template.key if template.key != assumed.key else "",
        "Name": template.name if template.name != assumed.name else "",
        "Folder": "/".join(folder_of(template)) or "/" if folder_of(template) != assumed.folder else "",
        "Subject": template.subject or "",
        "Hot-Key": template.hot_key,
        "Inboxes": " ".join(template.inboxes),
        "Groups": " ".join(template.groups),
    }
    head = "".join(f"{name}: {said[name]}\n" for name in HEADERS if said[name])
    first = template.body.partition("\n")[0].rstrip("\r")
    needs_gap = bool(head) or not first or first[0] == "\ufeff" or _header(first) is not None
    return head + ("\n" if needs_gap else "") + template.body


def parse(text: str, path: PurePosixPath) -> Template:
    """The template in a file at `path`.

    Raises:
        Unreadable: A header is unknown, or said twice, or there is no text.
    """
    said, rest, line = _head(text)
    if not rest.strip():
        raise Unreadable(line, "there is no text below the header")
    assumed = _assumed(path)
    folder = said.get("Folder")
    return Template(
        TemplateKey(said.get("Key") or assumed.key),
        " ".join((said.get("Name") or assumed.name).split()),
        rest,
        " ".join(said.get("Subject", "").split()) or None,
        folder=assumed.folder if folder is None else tuple(part.strip() for part in folder.split("/") if part.strip()),
        hot_key=said.get("Hot-Key", ""),
        inboxes=tuple(InboxKey(key) for key in said.get("Inboxes", "").replace(",", " ").split()),
        groups=tuple(GroupKey(key) for key in said.get("Groups", "").replace(",", " ").split()),
    )


def _head(text: str) -> tuple[dict[str, str], str, int]:
    """The header lines, what stands below them, and in which line that begins."""
    said: dict[str, str] = {}
    line, rest = 1, text.removeprefix("\ufeff")
    while True:
        first, end, below = rest.partition("\n")
        header = _header(first.rstrip("\r"))
        if header is None or (header[0] not in HEADERS and not said):
            break
        name, value = header
        if name not in HEADERS:
            raise Unreadable(line, f"there is no header {name}; put an empty line above the text")
        if name in said:
            raise Unreadable(line, f"the header {name} stands there twice")
        said[name], rest, line = value, below, line + 1
        if not end:
            break
    if not first.rstrip("\r") and end and rest:
        rest, line = below, line + 1
    return said, rest, line


def _header(line: str) -> tuple[str, str] | None:
    """Name and value of a header line. Ours in capitals or small letters; another in small letters is text."""
    match = _HEADER.fullmatch(line)
    if match is None:
        return None
    name = _KNOWN.get(match[1].lower(), match[1])
    return None if name[0].islower() else (name, (match[2] or "").strip())


class _Place(msgspec.Struct, frozen=True):
    key: str
    name: str
    folder: tuple[str, ...]


def _assumed(path: PurePosixPath) -> _Place:
    """What the place alone says: `folder/name`."""
    parts = [unicodedata.normalize("NFC", part) for part in path.parts]
    name = parts[-1][: -len(path.suffix)] if path.suffix in SUFFIXES else parts[-1]
    return _Place("/".join((*parts[:-1], name)), name, tuple(parts[:-1]))
