"""What is left of a template: fields nobody filled, 〇〇様, XXX, [name], （お客様名）, TODO."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from store.domain.checks.draft_text import CITED, LINES_KEPT, DraftText, narrow
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.finding import ERROR, Finding
from store.domain.merge_fields import FIELD

FURTHER = 2
"""Letters behind a placeholder that must be the customer's own too."""
_BEHIND = r"(?:様|さん|さま|殿|御中|株式会社|会社|社(?!内|外)|円|月|日|時|分|部|課|個|点|名|件|の件|駅|号|番|まで|頃|ごろ)"
_NUMERAL = "一二三四五六七八九十百千万"
_OWNER = r"(?:your|customer'?s?|client'?s?|recipient'?s?|company|first|last|full|sender'?s?|agent'?s?|order|invoice|ticket|tracking|product)"
_FIELD_EN = (
    rf"(?:{_OWNER}[ _-]?(?:name|company|date|number|no\.?|amount|address|title|id|time|link|url|product)"
    r"|name|firstname|lastname|company|customer|recipient|date and time|date|amount)"
)
_FIELD_JA = (
    r"(?:お客様|貴社|御社|会社|ご?担当者|お?宛名|ご?注文|受付|お?問い?合わ?せ|ご?請求|商品|お|ご)?"
    r"(?:名|氏名|名前|会社名|番号|日付|日時|金額|価格|担当者|宛名|部署名|件名|住所|電話番号|本文|内容|期日|期限|要記入|記入|入力|挿入)"
)
_PATTERNS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"(?<![{_NUMERAL}〇○◯])([〇○◯])\1{{1,5}}(?![〇○◯{_NUMERAL}])", 0),
        (rf"(?<![{_NUMERAL}〇○◯\d])[〇○◯●](?=(?:月|日|時|分|円|様)(?:[〇○◯●]|[、。にのまよりでを(]|$|頃|ごろ))", 0),
        (rf"(?<![●■□▲△◆◇×✕])([●■□▲△◆◇×✕])\1{{1,4}}(?={_BEHIND}|より|から|が|の|に|は|を|と|へ|です)", 0),
        (rf"\*{{2,}}(?={_BEHIND})", 0),
        (r"(?<![A-Za-z0-9*\-#])[Xx]{3,}(?![A-Za-z0-9*\-#])", 0),
        (rf"(?<![A-Za-z0-9*\-#])X{{2,}}(?={_BEHIND})", 0),
        (r"\[\[[^\]\n]{1,40}\]\]|<<[^<>\n]{1,40}>>", 0),
        (rf"[\[<{{%](?:{_FIELD_EN})[\]>}}%]", re.IGNORECASE),
        (r"[\[(<]\s*(?:please )?(?:insert|enter|fill in|add)\b[^\])>\n]{1,60}[\])>]", re.IGNORECASE),
        (rf"(?<=\S)【{_FIELD_JA}】(?!\s*[::])|【{_FIELD_JA}】(?=様|の|を|は|が|に|で|円|まで)", 0),
        (rf"[(\[{{<]{_FIELD_JA}[)\]}}>](?=\s?(?:様|さん|御中|殿|の|を|は|が|に|円|まで)|$)(?!\s?\S*[::])", 0),
        (r"[(\[【]\s*(?:ここに|こちらに)[^)\]】\n]{0,40}(?:記入|入力|挿入|貼|書|記載)[^)\]】\n]{0,20}[)\]】]", 0),
        (r"※[^。\n]{0,30}(?:送信前|送る前|この行)[^。\n]{0,20}(?:削除|消)[^。\n]{0,12}", 0),
        (r"\b(?:TODO|FIXME)\b(?!\s?(?:リスト|list|アプリ|管理))", 0),
        (r"(?<![A-Za-z])(?:Y{2,4}年)?M{1,2}月D{1,2}日(?!\s?(?:の?形|フォーマット))", 0),
        (r"\blorem ipsum\b", re.IGNORECASE),
    )
)
_MASKED = re.compile(r"[\d*][\s-]*X{3,}|X{3,}[\s-]*[\d*]|X[\s-]+X{3,}", re.IGNORECASE)


def unresolved(draft: Draft, text: DraftText, _facts: Facts) -> Iterator[Finding]:
    """Merge fields as they stand; not those in what is quoted from the customer."""
    for match in _left(draft, draft.subject):
        yield Finding("unresolved_field", ERROR, 1, match.start() + 1, "subject", (match[0],), len(match[0]))
    for line in text.own:
        for match in _left(draft, line.text):
            yield Finding("unresolved_field", ERROR, line.number, match.start() + 1, "body", (match[0],), len(match[0]))


def _left(draft: Draft, text: str) -> Iterator[re.Match[str]]:
    """The fields in it, but for those that the agent wants to go out as they stand."""
    return (match for match in FIELD.finditer(text) if match[1].strip() not in draft.left_empty)


def remnants(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Placeholders that people write by hand, in the subject too; not what the customer writes so themselves (`○○市役所`)."""
    theirs = narrow(f"{facts.said}\n{facts.answered_subject}")
    for start, end in _found(narrow(draft.subject)):
        if narrow(draft.subject)[start : end + FURTHER] in theirs:
            continue
        yield Finding("template_remnant", ERROR, 1, start + 1, "subject", (draft.subject[start:end],), end - start)
    for line in text.own:
        for start, end in _found(line.narrow):
            if line.narrow[end : end + FURTHER].strip() and line.narrow[start : end + FURTHER] in theirs:
                continue
            yield Finding("template_remnant", ERROR, line.number, start + 1, "body", (line.text[start:end],), end - start)


@lru_cache(LINES_KEPT)
def _found(line: str) -> Sequence[tuple[int, int]]:
    """Spans, the first of those that overlap. Kept by line: the mails of a mailing have most of theirs in common."""
    plain = FIELD.sub(lambda match: " " * len(match[0]), line)
    examples = [match.span() for match in CITED.finditer(plain)]
    spans: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            inside = any(left <= start and end <= right for left, right in (*examples, *spans))
            masked = "X" in match[0].upper() and _MASKED.search(plain[max(0, start - 6) : end + 6]) is not None
            if not inside and not masked:
                spans.append((start, end))
    return sorted(spans)
