"""Attachments: promised but missing, gone, too large, or of a kind that does not arrive."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from store.domain.checks.draft_text import CITED, LINES_KEPT, DraftText, Passage
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.finding import ERROR, WARNING, Finding

MB = 1_000_000
"""As the composer counts: one size, one figure."""
_SENTENCE = re.compile(r"[^。!?.]+(?:\.(?=\S)[^。!?.]*)*[。!?.]*")

_DOES = (
    r"(?:いたし|致し|し)(?:ます|ました|ております|て(?:お送り|送付|おります|おきます|おきました|あります|ございます|います|い(?:る|た)))|させて(?:いただ|頂)|申し上げ"
    r"|いたしましたので|しましたので"
)
_SEE = r"(?:ご?(?:確認|覧|参照|査収|一読|高覧|活用|利用|記入|返送)|お?送(?:り|付)|差し上げ|見て|参考)"
_NOUN = r"(?:の|した|いたしました|致しました|している|しております|ファイル|資料|書類)"
_SAID_JA = re.compile(
    rf"(?P<word>添付|別添|同封)(?:(?:を|も|にて|で)?\s?(?:{_DOES})|(?:にて|で|に|を)、?[^、]{{0,12}}?{_SEE}"
    rf"|{_NOUN}{{1,3}}[^、]{{0,25}}?(?:を|は|が|に|にて|で|の)[^。]{{0,20}}?{_SEE}|の(?:とお|通)り|(?:の|した|いたしました)[^、。]{{1,20}}(?:です|になります|でございます)"
    rf"|のファイル(?:です|でございます|となります)|ファイル(?:です|でございます)(?!か)|しており|済み(?:です|でございます)|\s?[::]\s?\S)"
)
_NOT_JA = re.compile(
    r"(?:いただい|頂い|くださっ|下さっ|頂戴し|頂きまし|いただきまし)(?:た|て)|[おご]送り(?:ください|いただ|くださ|頂)|(?:添付|同封)(?:の|し(?:た)?)?(?:うえ|上)"
    r"|(?:添付|同封)して(?:ください|下さい|いただ|頂|くださ|ご?返|ご?連絡)|(?:添付|同封)(?:を|も)?お願い|(?:添付|同封)(?:ファイル)?(?:は|が)?(?:ござい|あり|でき)ません"
    r"|添付(?:する)?ことが|添付(?:は|が|も)?(?:不要|なし|でき(?:な|ま|ず)|いたしかね|しかね|しておりません|していません|不可|可能|漏れ|忘れ|され)"
    r"|添付(?:せず|いたしません|しません)|添付(?:ファイル)?を?(?:開け|開封|開か|ダウンロード|削除)|添付ファイル(?:の|は)(?:容量|サイズ|上限|形式|開き)"
    r"|(?:先日|前回|先ほど|先程|昨日|以前|先週|先月|前便|前の)[^、。]{0,20}(?:(?:添付|同封|お送り)(?:いた)?(?:した|しました|し済|済)|(?:お?送|メール)[^、。]{0,6}添付)"
    r"|(?:別便|別途)[^、。]{0,20}(?:添付|同封|お?送)|添付(?:する|できる|した)(?:方法|場合|手順|際|とき|時)"
    r"|(?:別の|別)メール|別送|暗号化のうえ|拝見|拝受|受領|受け取り"
    r"|お客様[がのより]{1,2}[^。]{0,12}添付|添付(?:して|し)(?:お(?:送り|り)|い)?(?:た|まし)?(?:ファイル)?が(?:届|開)"
)
_POSTED = re.compile(r"商品|製品|荷物|箱|封筒|伝票|梱包|郵送|宅配|郵便|便にて|発送")
_BY_MAIL = re.compile(r"ファイル|メール|PDF|データ|添付")

_SAID_EN = re.compile(
    r"\b(?:i|we)(?:'ve|'m|'re| have| am| are| will|'ll)?\s+(?:now |also |just |herewith |hereby )?(?P<we>attach(?:ed|ing)?|enclos(?:ed|ing|e))\b"
    r"|\b(?:find|see|check|review|read|open|use|sign|complete|fill in)\b[^;]{0,70}?\b(?P<find>attach(?:ed|ment|ments)|enclosed)\b"
    r"|^\W*(?:i'm |we're )?(?P<ing>attaching|enclosing|attachments?(?=:)|attached(?=:)|pfa)\b"
    r"|^\W*(?:also )?(?P<first>attached|enclosed)\b(?=\s+(?:is|are|you|please|here|the|a|an|our|your|to this|with))"
    r"|\b(?:is|are)\s+(?:also |now )?(?P<is>attached|enclosed)\b|\bin the (?P<in>attach(?:ment|ed)|enclosed)\b"
    r"|\b(?:as )?(?P<per>attached)(?: to this (?:mail|email|message)| herewith)\b"
    r"|\bthe (?P<the>attached) (?:file|document|form|invoice|pdf|list|quote)",
    re.IGNORECASE,
)
_NOT_EN = re.compile(
    r"\b(?:no|not|without|never|cannot|unable|nothing)\b|n't\b|\b(?:could|can|would|will|did) you\b"
    r"|\bplease (?:attach|reply|send|add|include|enclose|forward)"
    r"|\byou(?:'ve| have)? (?:attached|sent|enclosed)|\byou(?:'ve| have| had)? (?:kindly )?attach|\byour (?:attach|enclos)"
    r"|\bthanks?\b(?: you)?(?: very much)? for"
    r"|\b(?:if|whether|when|once|how to) (?:you |the |an |your )?attach|\b(?:last|previous|earlier) (?:week|month|mail|email|message|time)"
    r"|\byesterday\b"
    r"|\b(?:received|got|opened|saw) (?:the|your)|\bin case\b|\bif (?:the|you|an)\b|\b(?:size|format|limit) of|\btoo large\b"
    r"|\battached to (?:the|your|a) (?!mail|email|message|letter)|\breply\b.{0,30}\battach",
    re.IGNORECASE,
)

EXECUTABLE = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "msi",
        "msix",
        "jar",
        "js",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "wsh",
        "hta",
        "ps1",
        "lnk",
        "cpl",
        "reg",
        "scf",
        "dll",
        "app",
        "dmg",
        "apk",
    ]
)
DANGEROUS = frozenset(
    [
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "xlam",
        "pptm",
        "potm",
        "ppam",
        "sldm",
        "iso",
        "img",
        "vhd",
        "vhdx",
        "html",
        "htm",
        "mht",
        "mhtml",
        "svg",
        "chm",
        "one",
        "xll",
        "rdp",
    ]
)


def missing(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Said in the writer's own words that something is attached, and nothing is; the first place of each passage."""
    if draft.attachments or facts.attachments:
        return
    for passage in text.passages:
        found = next(_promises(passage), None)
        if found is not None:
            yield passage.finding("attachment_missing", ERROR, found, passage.text[found[0] : found[1]])
            return


def _promises(passage: Passage) -> Iterator[tuple[int, int]]:
    for sentence in _SENTENCE.finditer(CITED.sub(lambda cited: "「" * len(cited[0]), passage.text)):
        for start, end in _promised(sentence[0]):
            yield sentence.start() + start, sentence.start() + end


@lru_cache(LINES_KEPT)
def _promised(said: str) -> Sequence[tuple[int, int]]:
    """The words in a sentence that promise a file."""
    spans: list[tuple[int, int]] = []
    for match in _SAID_JA.finditer(said):
        posted = match["word"] == "同封" and _POSTED.search(said) is not None and _BY_MAIL.search(said) is None
        if not posted and _NOT_JA.search(said) is None:
            spans.append(match.span("word"))
    if _NOT_EN.search(said) is None:
        spans += [match.span(match.lastgroup or "we") for match in _SAID_EN.finditer(said)]
    return spans


def files(_draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """What is wrong with each file by itself: gone, empty, a program, or something that can hold one."""
    for number, file in enumerate(facts.attachments, 1):
        if file.size_bytes is None:
            yield Finding("attachment_gone", ERROR, number, 1, "attachments", (file.name,))
            continue
        if not file.size_bytes:
            yield Finding("attachment_empty", WARNING, number, 1, "attachments", (file.name,))
        ending = file.name.rstrip(". ").rpartition(".")[2].casefold()
        if ending in EXECUTABLE:
            yield Finding("attachment_executable", ERROR, number, 1, "attachments", (file.name,))
        elif ending in DANGEROUS:
            yield Finding("attachment_dangerous", WARNING, number, 1, "attachments", (file.name,))


def too_large(_draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """All of them together against what the mail server takes."""
    total = sum(file.size_bytes or 0 for file in facts.attachments)
    if total > facts.largest_bytes:
        yield Finding("attachments_too_large", ERROR, 1, 1, "attachments", (f"{total / MB:.1f}", f"{facts.largest_bytes / MB:.1f}"))
