"""iCalendar taken apart: lines unfolded, components, parameters, escapes (RFC 5545 3.1 to 3.3), and the old vCalendar where it differs."""

import binascii
import re

import msgspec

from mailsync.mime.text.charset import decode_text

MAX_BYTES = 1_000_000
MAX_LINES = 20_000
MAX_DEPTH = 10
MAX_VALUE = 100_000
"""Characters."""

_FOLD = re.compile(rb"\r?\n[ \t]")
_PROPERTY = re.compile(
    r'([A-Za-z0-9-]{1,100})((?:;[^=;:"]{1,100}(?:=(?:"[^"]{0,4000}"|[^";:,]{0,4000})(?:,(?:"[^"]{0,4000}"|[^";:,]{0,4000})){0,50})?){0,40}):(.*)',
    re.DOTALL,
)
_PARAMETER = re.compile(r';([^=;:"]{1,100})(?:=("[^"]{0,4000}"|[^";:]{0,4000}))?')
_ESCAPE = re.compile(r"\\([\\;,:nN])")
_SOFT_END = re.compile(rb"=\r?\n")


class Property(msgspec.Struct):
    """One line. Parameters by upper-case name."""

    value: str
    parameters: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545 3.3.11): its escapes undone."""
        value = self.value
        if self.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
            # vCalendar 1.0, which Japanese mobile phones sent for years.
            value = decode_text(binascii.a2b_qp(value.encode("utf-8", "replace")), self.parameters.get("CHARSET", ""))[0].replace("\r\n", "\n")
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip() if "\\" in value else value.strip()


class Component(msgspec.Struct):
    """BEGIN to END: its properties by upper-case name, in order, and the components in it."""

    name: str
    properties: dict[str, list[Property]] = msgspec.field(default_factory=dict)
    components: list["Component"] = msgspec.field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        found = self.properties.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The text of the first property of that name; "" where there is none."""
        found = self.first(name)
        return found.text if found is not None else ""

    def below(self, name: str) -> list["Component"]:
        """The components of that name directly in it."""
        return [component for component in self.components if component.name == name]


def read_calendar(raw: bytes, charset: str = "") -> Component | None:
    """The first VCALENDAR; None where there is none. What is longer than the bounds is cut. Never raises."""
    raw = raw[:MAX_BYTES]
    if b"QUOTED-PRINTABLE" in raw:
        raw = _SOFT_END.sub(b"", raw)
    text = decode_text(_FOLD.sub(b"", raw), charset or "utf-8")[0]
    top = Component("")
    open_ = [top]
    last: Property | None = None
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n", MAX_LINES)[:MAX_LINES]:
        found = _PROPERTY.fullmatch(line[:MAX_VALUE])
        if found is None:
            if last is not None and line.strip() and len(last.value) < MAX_VALUE:
                last.value += "\\n" + line  # a line break that was not escaped
            continue
        name = found[1].upper()
        if name == "BEGIN":
            last = None
            _begin(open_, found[3].strip().upper())
        elif name == "END":
            last = None
            _end(open_, found[3].strip().upper())
        else:
            last = Property(found[3], _parameters(found[2]) if found[2] else {})
            open_[-1].properties.setdefault(name, []).append(last)
    return next(iter(top.below("VCALENDAR")), None)


def _begin(open_: list[Component], name: str) -> None:
    component = Component(name)
    if len(open_) < MAX_DEPTH:
        open_[-1].components.append(component)
        open_.append(component)


def _end(open_: list[Component], name: str) -> None:
    """Close it, and whatever in it was never closed; an END without its BEGIN closes nothing."""
    for index in range(len(open_) - 1, 0, -1):
        if open_[index].name == name:
            del open_[index:]
            return


def _parameters(text: str) -> dict[str, str]:
    return {found[1].strip().upper(): (found[2] or found[1]).strip('"') for found in _PARAMETER.finditer(text)}
