"""format=flowed and text/enriched: lines that are not what they look like."""

from tests.mime.mails import Case, mail


def flowed(text: str, delsp: str = "") -> bytes:
    """A mail of flowed text."""
    return mail(f"Content-Type: text/plain; charset=utf-8; format=flowed{delsp}\r\n".encode(), text.replace("\n", "\r\n").encode())


def enriched(text: str, subtype: str = "enriched") -> bytes:
    """A mail of enriched text."""
    return mail(f"Content-Type: text/{subtype}; charset=utf-8\r\n".encode(), text.encode())


CASES: dict[str, Case] = {
    "flowed lines of three paragraphs": (flowed("one \ntwo\n\nthree \nfour\nfive"), {"text": "one two\n\nthree four\nfive"}),
    "flowed lines that are space-stuffed": (
        flowed(" > not a quote\n From the shop\n  indented"),
        {"text": "> not a quote\nFrom the shop\n indented"},
    ),
    "flowed quotes of two depths": (flowed("> a \n> b\n>> c \n>> d\nown"), {"text": "> a b\n>> c d\nown"}),
    "a flowed line whose quote depth changes is whole": (flowed("> a \nown \nwords"), {"text": "> a \nown words"}),
    "flowed text and a signature": (flowed("bye \nnow\n-- \nAnn \nAcme"), {"text": "bye now\n-- \nAnn Acme"}),
    "a quoted signature in flowed text": (flowed("> bye\n> -- \n> Ann"), {"text": "> bye\n> -- \n> Ann"}),
    "flowed Japanese, the blank not part of it": (
        flowed("お世話に \nなっております。\n敬具", "; delsp=yes"),
        {"text": "お世話になっております。\n敬具"},
    ),
    "flowed with DelSp in capitals and quotes": (flowed("東 \n京", '; DelSp="Yes"'), {"text": "東京"}),
    "flowed with delsp=no": (flowed("a \nb", "; delsp=no"), {"text": "a b"}),
    "flowed, a blank of its own kept by delsp": (flowed("word  \nnext", "; delsp=yes"), {"text": "word next"}),
    "fixed text is left alone": (mail(b"Content-Type: text/plain; format=fixed\r\n", b"a \r\nb"), {"text": "a \nb"}),
    "enriched text": (
        enriched("<bold>Now</bold> is the time\nfor <italic>all</italic>.\n\nNew line"),
        {"text": "*Now* is the time for _all_.\nNew line"},
    ),
    "enriched parameters and brackets": (enriched("<color><param>red</param>a << b</color>"), {"text": "a < b"}),
    "enriched text not to be filled": (enriched("<nofill>a\n  b\n</nofill>c"), {"text": "a\n  b\nc"}),
    "an enriched excerpt": (enriched("<excerpt>old\n\nwords</excerpt>\n\nnew"), {"contains": "> old\n> words\n\nnew"}),
    "richtext": (enriched("a<nl>b <lt>c<comment>not</comment>", "richtext"), {"text": "a\nb <c"}),
    "an enriched bracket that is never closed": (enriched("a < b <bold c"), {"text": "a < b <bold c"}),
}
