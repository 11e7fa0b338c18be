"""Mails whose every line is labelled by hand: `t` somebody's own words, `q` a quotation or the line that says whose, `s` a signature or a footer,
`f` a mail that is passed on.

A mail is put together as a client would: its own words, a signature, and the quotation in the client's manner.
"""

from tests.mime.quoted_later import LATER
from tests.mime.quoted_manners import MANNERS
from tests.mime.quoted_signatures import SIGNATURES
from tests.mime.quoted_whole import WHOLE

Labelled = list[tuple[str, str]]

TEXTS = (
    "お世話になっております。山田です。\n\nご連絡ありがとうございました。\n商品は本日届きました。",
    "山本様\n\n見積書を拝見しました。次の点をご確認ください。\n\n1. 数量は 20 個でよろしいでしょうか。\n2. 納期は 12月10日 を希望します。\n\nよろしくお願いいたします。",
    "了解しました。",
    "Hello,\n\nthank you for the quick answer. The drill arrived today, but the box was open:\n\n- the charger is missing\n- the manual is wet\n\nBest regards",
    "Dear support team,\nplease cancel order A-1234. I ordered it twice by mistake.",
    "お世話になります。\n以下の内容で注文いたします。\n\n品番: A-100\n数量: 3\n希望納期: 12/1\n\n以上、よろしくお願いします。",
    "電話では話せなかったので、メールで失礼します。\n03-1234-5678 にかけても、つながりませんでした。\n折り返しをお願いできますか？",
    "Yes, that works for me. See you on Monday at 10:00.",
)
QUOTED = (
    "お問い合わせありがとうございます。\n\n商品は 11月24日 に発送いたしました。\nお届けまで今しばらくお待ちください。\n\nサポート 佐藤",
    "Thank you for your mail.\n\nYour order was shipped on Monday.\nPlease tell us when it has arrived.\n\nSupport team",
)


def labelled(marked: str) -> Labelled:
    """Lines written as `t text`, `q text`, `s text`; a blank line needs no mark."""
    return [(line[:1], line[2:]) if line else ("", "") for line in marked.split("\n")]


def _own(text: str, label: str) -> Labelled:
    return [(label if line.strip() else "", line) for line in text.split("\n")]


def _made(manner: str, text: str, quoted: str, signature: str) -> Labelled:
    lines: Labelled = []
    for line in manner.split("\n"):
        match line:
            case "{text}":
                lines += _own(text, "t")
            case "{signature}":
                lines += [("", ""), *_own(signature, "s")] if signature else []
            case "{> quoted}":
                lines += [("q", f"> {each}".rstrip()) for each in quoted.split("\n")]
            case "{＞quoted}":
                lines += [("q", f"＞{each}") for each in quoted.split("\n")]
            case "{>> quoted}":
                lines += [("q", f"> > {each}".rstrip()) for each in quoted.split("\n")]
            case "{quoted}":
                lines += _own(quoted, "q")
            case _:
                lines += labelled(line)
    return lines


def mails() -> dict[str, Labelled]:
    """Every labelled mail by its name."""
    found: dict[str, Labelled] = {name: labelled(marked) for name, marked in {**WHOLE, **LATER}.items()}
    for number, (name, manner) in enumerate(MANNERS.items()):
        for step in (0, 1):
            which, signature = list(SIGNATURES.items())[(number * 2 + step) % len(SIGNATURES)]
            text = TEXTS[(number + step * 3) % len(TEXTS)]
            found[f"{name}, {which}"] = _made(manner, text, QUOTED[(number + step) % 2], signature)
    return found
