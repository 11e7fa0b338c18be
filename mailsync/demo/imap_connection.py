"""One client of the demo's IMAP server: reads commands, answers them, tells what changed (RFC 9051, RFC 7162, RFC 2177)."""

import asyncio
import hmac
import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from mailsync.demo.imap_grammar import LITERAL_HERE, SECTION, Refuse, header_of, read_date, section_of, uids_in, words_of, write_date
from mailsync.demo.imap_mailbox import SPECIAL_USE, MemoryAccount, MemoryMailbox, StoredMail

CAPABILITIES = "IMAP4rev1 LITERAL+ IDLE NAMESPACE ID ENABLE CONDSTORE QRESYNC SPECIAL-USE LIST-EXTENDED UIDPLUS ESEARCH"
LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n\Z")
CHANGED_SINCE = re.compile(r"\(CHANGEDSINCE (\d+)( VANISHED)?\)\s*\Z", re.IGNORECASE)
LONGEST_LITERAL_BYTES = 64_000_000


class ImapConnection:
    """The state of one connection: who, which mailbox, and what this client was told of it."""

    def __init__(self, accounts: Mapping[str, MemoryAccount], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._accounts = accounts
        self._reader = reader
        self._writer = writer
        self._account: MemoryAccount | None = None
        self._mailbox: MemoryMailbox | None = None
        self._told: list[int] = []
        self._told_modseq = 0
        self._qresync = False
        self._idle = False
        self._literals: list[bytes] = []

    async def serve(self) -> None:
        """Answer commands until the client leaves."""
        self._send(f"* OK [CAPABILITY {CAPABILITIES}] madoguchi demo ready")
        while line := await self._read_command():
            tag, _, rest = line.partition(" ")
            verb, _, rest = rest.partition(" ")
            if verb.upper() == "UID":
                second, _, rest = rest.partition(" ")
                verb = f"UID_{second}"
            try:
                done = await self._do(verb.upper(), rest)
            except Refuse as refusal:
                self._send(f"{tag} {refusal.kind} {refusal}")
            else:
                self._tell_changes()
                self._send(f"{tag} OK {done}")
            await self._writer.drain()
            if verb.upper() == "LOGOUT":
                return

    async def _read_command(self) -> str:
        """Read a line with its literals; each literal stands in it as one letter, its bytes wait in `_literals`."""
        self._literals.clear()
        text = ""
        while line := await self._reader.readline():
            found = LITERAL.search(line)
            if found is None:
                return text + line.decode("utf-8", "replace").rstrip("\r\n")
            if int(found[1]) > LONGEST_LITERAL_BYTES:
                return text + line.decode("utf-8", "replace")
            if not found[2]:
                self._send("+ go on")
                await self._writer.drain()
            self._literals.append(await self._reader.readexactly(int(found[1])))
            text += line[: found.start()].decode("utf-8", "replace") + LITERAL_HERE
        return ""

    async def _do(self, verb: str, rest: str) -> str:
        if (before_login := self._BEFORE_LOGIN.get(verb)) is not None:
            return before_login(self, rest)
        if self._account is None:
            raise Refuse("log in first", "BAD")
        if verb == "IDLE":
            return await self._wait_for_done()
        if (command := self._COMMANDS.get(verb)) is None:
            raise Refuse("unknown command", "BAD")
        with self._account.lock:
            return command(self, self._account, rest)

    def _capability(self, _rest: str) -> str:
        self._send(f"* CAPABILITY {CAPABILITIES}")
        return "done"

    def _noop(self, _rest: str) -> str:
        return "done"

    def _logout(self, _rest: str) -> str:
        self.say_bye("see you")
        return "done"

    def _id(self, _rest: str) -> str:
        self._send('* ID ("name" "madoguchi-demo")')
        return "done"

    def _login(self, rest: str) -> str:
        user, password = (*words_of(rest, self._literals), "", "")[:2]
        account = self._accounts.get(user)
        if account is None or not hmac.compare_digest(account.password.encode(), password.encode()):
            raise Refuse("[AUTHENTICATIONFAILED] Authentication failed.")
        self._account = account
        return "welcome"

    _BEFORE_LOGIN: ClassVar[Mapping[str, Callable[["ImapConnection", str], str]]] = {
        "CAPABILITY": _capability,
        "NOOP": _noop,
        "LOGOUT": _logout,
        "ID": _id,
        "LOGIN": _login,
    }

    # Mailboxes

    def _namespace(self, _account: MemoryAccount, _rest: str) -> str:
        self._send('* NAMESPACE (("" "/")) NIL NIL')
        return "done"

    def _enable(self, _account: MemoryAccount, rest: str) -> str:
        self._qresync = self._qresync or "QRESYNC" in rest.upper()
        self._send("* ENABLED QRESYNC" if self._qresync else "* ENABLED")
        return "done"

    def _list(self, account: MemoryAccount, _rest: str) -> str:
        for name in account.mailboxes:
            special = f" {SPECIAL_USE[name]}" if name in SPECIAL_USE else ""
            self._send(f'* LIST (\\HasNoChildren{special}) "/" "{name}"')
        return "done"

    def _examine(self, account: MemoryAccount, rest: str) -> str:
        return f"[READ-ONLY] {self._select(account, rest)}"

    def _select(self, account: MemoryAccount, rest: str) -> str:
        words = words_of(rest, self._literals)
        mailbox = account.find(words[0]) if words else None
        self._mailbox = mailbox
        if mailbox is None:
            raise Refuse("[NONEXISTENT] no such mailbox")
        self._told, self._told_modseq = list(mailbox.mails), mailbox.highestmodseq
        self._send("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        self._send(f"* {len(mailbox.mails)} EXISTS")
        self._send("* 0 RECENT")
        for code in (f"UIDVALIDITY {mailbox.uidvalidity}", f"UIDNEXT {mailbox.uidnext}", f"HIGHESTMODSEQ {mailbox.highestmodseq}"):
            self._send(f"* OK [{code}] is so")
        resync = re.search(r"QRESYNC \((\d+) (\d+)", rest, re.IGNORECASE)
        if resync and int(resync[1]) == mailbox.uidvalidity:
            self._fetch(account, f"1:* (UID FLAGS) (CHANGEDSINCE {resync[2]} VANISHED)")
        return "opened"

    def _status(self, account: MemoryAccount, rest: str) -> str:
        words = words_of(rest, self._literals)
        mailbox = account.find(words[0]) if words else None
        if mailbox is None:
            raise Refuse("[NONEXISTENT] no such mailbox")
        values = {
            "MESSAGES": len(mailbox.mails),
            "UIDNEXT": mailbox.uidnext,
            "UIDVALIDITY": mailbox.uidvalidity,
            "UNSEEN": sum("\\Seen" not in mail.flags for mail in mailbox.mails.values()),
            "HIGHESTMODSEQ": mailbox.highestmodseq,
        }
        asked = [name for name in words[-1].strip("()").upper().split() if name in values]
        self._send(f'* STATUS "{words[0]}" ({" ".join(f"{name} {values[name]}" for name in asked)})')
        return "done"

    def _append(self, account: MemoryAccount, rest: str) -> str:
        words = words_of(rest, self._literals)
        mailbox = account.find(words[0]) if words else None
        if mailbox is None:
            raise Refuse("[TRYCREATE] no such mailbox")
        if not self._literals:
            raise Refuse("a message is missing", "BAD")
        flags = next((word.strip("()").split() for word in words[1:] if word.startswith("(")), [])
        moment = next((read_date(word) for word in words[1:] if re.match(r" ?\d{1,2}-", word)), None)
        name = "INBOX" if words[0].upper() == "INBOX" else words[0]
        uid = account.add(name, self._literals[-1], moment, flags)
        return f"[APPENDUID {mailbox.uidvalidity} {uid}] filed"

    # Messages

    def _open(self) -> MemoryMailbox:
        if self._mailbox is None:
            raise Refuse("open a mailbox first", "BAD")
        return self._mailbox

    def _fetch(self, _account: MemoryAccount, rest: str) -> str:
        mailbox = self._open()
        uids, _, items = rest.partition(" ")
        wanted = uids_in(uids, max(mailbox.mails, default=0))
        changed = CHANGED_SINCE.search(items)
        items = CHANGED_SINCE.sub("", items)
        since_modseq = int(changed[1]) if changed else -1
        gone = [uid for uid, modseq in mailbox.gone.items() if modseq > since_modseq and any(uid in each for each in wanted)]
        if gone and changed and changed[2] and self._qresync:
            self._send(f"* VANISHED (EARLIER) {','.join(map(str, gone))}")
        for position, uid in enumerate(self._told, start=1):
            mail = mailbox.mails.get(uid)
            if mail is not None and mail.modseq > since_modseq and any(uid in each for each in wanted):
                self._send_mail(position, mail, items, with_modseq=changed is not None)
        return "done"

    def _send_mail(self, position: int, mail: StoredMail, items: str, *, with_modseq: bool) -> None:
        parts: list[bytes] = [f"UID {mail.uid}".encode()]
        upper = SECTION.sub("", items).upper()
        if "FLAGS" in upper:
            parts.append(f"FLAGS ({' '.join(sorted(mail.flags))})".encode())
        if "INTERNALDATE" in upper:
            parts.append(f'INTERNALDATE "{write_date(mail.internaldate)}"'.encode())
        if "RFC822.SIZE" in upper:
            parts.append(f"RFC822.SIZE {len(mail.raw)}".encode())
        if with_modseq or "MODSEQ" in upper:
            parts.append(f"MODSEQ ({mail.modseq})".encode())
        for section, start, length in SECTION.findall(items):
            content = section_of(mail.raw, section)
            origin = f"<{start}>" if start else ""
            if start:
                content = content[int(start) : int(start) + int(length)]
            parts.append(f"BODY[{section}]{origin} {{{len(content)}}}\r\n".encode() + content)
        self._writer.write(f"* {position} FETCH (".encode() + b" ".join(parts) + b")\r\n")

    def _search(self, _account: MemoryAccount, rest: str) -> str:
        mailbox = self._open()
        words = words_of(rest, self._literals)
        extended = words[:1] == ["RETURN"]
        criteria = words[2:] if extended else words
        found = list(mailbox.mails)
        while criteria:
            key = criteria.pop(0).upper()
            if key == "UID" and criteria:
                wanted = uids_in(criteria.pop(0), max(mailbox.mails, default=0))
                found = [uid for uid in found if any(uid in each for each in wanted)]
            elif key == "HEADER" and len(criteria) >= 2:
                name, value = criteria.pop(0).lower(), criteria.pop(0).lower()
                found = [uid for uid in found if value in header_of(mailbox.mails[uid].raw, name).lower()]
            elif key != "ALL":
                raise Refuse(f"cannot search by {key}", "BAD")
        listed = ",".join(map(str, found))
        if extended:
            self._send(f"* ESEARCH UID{f' ALL {listed}' if found else ''}")
        else:
            self._send(f"* SEARCH{''.join(f' {uid}' for uid in found)}")
        return "done"

    _COMMANDS: ClassVar[Mapping[str, Callable[["ImapConnection", MemoryAccount, str], str]]] = {
        "NAMESPACE": _namespace,
        "ENABLE": _enable,
        "LIST": _list,
        "SELECT": _select,
        "EXAMINE": _examine,
        "STATUS": _status,
        "APPEND": _append,
        "UID_FETCH": _fetch,
        "UID_SEARCH": _search,
    }

    # Changes

    async def _wait_for_done(self) -> str:
        self._send("+ idling")
        self._idle = True
        self.tell_if_idle()
        try:
            await self._reader.readline()
        finally:
            self._idle = False
        return "done"

    def tell_if_idle(self) -> None:
        """Tell an idle client what changed; others hear of it with their next command."""
        if self._idle:
            self._tell_changes()

    def _tell_changes(self) -> None:
        mailbox, account = self._mailbox, self._account
        if mailbox is None or account is None:
            return
        with account.lock:
            gone = [uid for uid in self._told if uid not in mailbox.mails]
            if gone and self._qresync:
                self._send(f"* VANISHED {','.join(map(str, gone))}")
            for uid in gone:
                if not self._qresync:
                    self._send(f"* {self._told.index(uid) + 1} EXPUNGE")
                self._told.remove(uid)
            for position, uid in enumerate(self._told, start=1):
                if mailbox.mails[uid].modseq > self._told_modseq:
                    self._send_mail(position, mailbox.mails[uid], "(UID FLAGS)", with_modseq=self._qresync)
            if len(mailbox.mails) != len(self._told):
                self._told = list(mailbox.mails)
                self._send(f"* {len(self._told)} EXISTS")
            self._told_modseq = mailbox.highestmodseq

    def say_bye(self, words: str) -> None:
        """Tell the client that this is the end."""
        self._send(f"* BYE {words}")

    def _send(self, line: str) -> None:
        self._writer.write(line.encode() + b"\r\n")
