"""What an attachment is called on this machine, whatever a sender called it. Pure."""

import unicodedata
from collections.abc import Callable

from tui.view.gate import clean

NAME_BYTES = 180
"""File systems take 255 bytes; a number and a suffix still fit."""
SUFFIX_BYTES = 24
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{name}{digit}" for name in ("com", "lpt") for digit in range(1, 10))})
"""Names that are devices on Windows, whatever suffix they have: a shared drive may be read there."""
_SUFFIXES = {
    "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "image/png": ".png",
    "image/jpeg": ".jpg", "image/gif": ".gif", "message/rfc822": ".eml", "application/zip": ".zip", "application/pgp-signature": ".asc",
}  # fmt: skip

RUNS = frozenset({
    ".exe", ".com", ".scr", ".pif", ".cpl", ".msi", ".msp", ".dll", ".bat", ".cmd", ".ps1", ".psm1", ".vb", ".vbs", ".vbe", ".js", ".jse", ".mjs",
    ".ws", ".wsf", ".wsh", ".hta", ".reg", ".inf", ".lnk", ".url", ".scf", ".chm", ".jar", ".jnlp", ".desktop", ".sh", ".bash", ".zsh", ".csh",
    ".ksh", ".run", ".bin", ".appimage", ".deb", ".rpm", ".py", ".pyc", ".pyw", ".pl", ".rb", ".php", ".app", ".command", ".pkg", ".dmg", ".apk",
    ".iso", ".img", ".vhd", ".vhdx", ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xll", ".pptm", ".potm", ".ppam", ".ppsm", ".sldm", ".accde",
    ".mde", ".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml", ".svg", ".swf", ".one", ".library-ms", ".settingcontent-ms", ".msc", ".gadget",
    ".application", ".xbap", ".wim",
})  # fmt: skip
"""Suffixes of what acts by itself when it is opened, or shows a page that a sender made."""
_RUNNING_TYPES = ("x-msdownload", "x-msdos-program", "x-dosexec", "x-executable", "x-sh", "javascript", "x-java-archive", "x-desktop", "text/html")


def safe_name(name: str, content_type: str = "", number: int = 1) -> str:
    """A name that can be nothing but one file in a folder, and looks like what it is.

    No folders, no control or turning characters, no leading dot or dash, no device of Windows, at most `NAME_BYTES`; nothing left of it
    becomes `attachment-N` with a suffix that suits the type.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    # Format characters (Cf) turn names round or hide in them; everything else that steers falls with the gate.
    plain = "".join(each for each in plain if unicodedata.category(each) not in ("Cf", "Cs", "Co", "Cn"))
    plain = " ".join(clean(plain).translate(_NOT_IN_NAMES).split())
    plain = plain.lstrip(".-~ ").rstrip(". ")
    if not plain.strip("_"):
        return f"attachment-{number}{_SUFFIXES.get(content_type.lower(), '')}"
    if plain.partition(".")[0].strip().lower() in _RESERVED:
        plain = "_" + plain
    return _shortened(plain)


def _shortened(name: str) -> str:
    stem, suffix = split_suffix(name)
    room = NAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + suffix if len(stem.encode()) > room else name


def split_suffix(name: str) -> tuple[str, str]:
    """`report`, `.pdf`; "" where there is no suffix, or one too long to be any."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and suffix and len(suffix.encode()) < SUFFIX_BYTES and " " not in suffix else (name, "")


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name, or with the first number that nobody has: `report (2).pdf`."""
    stem, suffix = split_suffix(name)
    number, found = 1, name
    while is_taken(found):
        number += 1
        found = f"{stem} ({number}){suffix}"
    return found


def acts_when_opened(name: str, content_type: str) -> bool:
    """Whether opening it may run something, or show a page made to look like another."""
    suffix = split_suffix(safe_name(name))[1].lower()
    return suffix in RUNS or any(each in content_type.lower() for each in _RUNNING_TYPES)
