"""Bodies in every charset, labelled rightly, wrongly or not at all."""

from tests.mime.mails import Case, b64, mail, text_part

JIS_NEC = b"\x1b$B-!-j|b\x1b(B"  # ①㈱髙 as Windows sends them

CASES: dict[str, Case] = {
    "iso-2022-jp with NEC row 13 and an IBM extension": (text_part("iso-2022-jp", JIS_NEC), {"text": "①㈱髙"}),
    "iso-2022-jp with half-width kana": (text_part("iso-2022-jp", b"\x1b(I6@6E\x1b(B!"), {"text": "ｶﾀｶﾅ!"}),
    "iso-2022-jp by SO and SI": (text_part("iso-2022-jp", b"\x0e6@\x0f ok"), {"text": "ｶﾀ ok"}),
    "iso-2022-jp whose line forgot to go back to ASCII": (
        text_part("iso-2022-jp", "日本".encode("iso2022_jp")[:-3] + b"\r\nplain"),
        {"text": "日本\nplain"},
    ),
    "iso-2022-jp that lost its escape characters": (
        text_part("iso-2022-jp", "日本語です".encode("iso2022_jp").replace(b"\x1b", b"")),
        {"text": "日本語です"},
    ),
    "iso-2022-jp without any label": (mail(body="注文の件".encode("iso2022_jp")), {"text": "注文の件"}),
    "iso-2022-jp with a supplementary kanji": (text_part("iso-2022-jp-1", "丂".encode("iso2022_jp_1")), {"text": "丂"}),
    "a label of iso-2022-jp over Shift_JIS bytes": (
        text_part("iso-2022-jp", "ご注文ありがとうございます".encode("cp932")),
        {"text": "ご注文ありがとうございます"},
    ),
    "shift_jis with ①㈱髙": (text_part("Shift_JIS", "①㈱髙".encode("cp932")), {"text": "①㈱髙"}),
    "x-sjis in quotes": (text_part('"x-sjis"', "納期～未定".encode("cp932")), {"text": "納期～未定"}),
    "euc-jp": (text_part("EUC-JP", "お世話になっております".encode("euc_jp")), {"text": "お世話になっております"}),
    "euc-jp with NEC row 13": (text_part("euc-jp", b"\xad\xa1 " + "円".encode("euc_jp")), {"text": "① 円"}),
    "euc-jp with half-width kana": (text_part("euc-jp", "ｱｲｳ".encode("euc_jp") + b"\xad\xa2"), {"text": "ｱｲｳ②"}),
    "a wave dash is one character in every Japanese charset": (text_part("euc-jp", b"\xa1\xc1"), {"text": "～"}),
    "gb2312 that is really gb18030": (text_part("gb2312", "朱镕基".encode("gb18030")), {"text": "朱镕基"}),
    "ks_c_5601-1987 that is really cp949": (text_part("ks_c_5601-1987", "똠방".encode("cp949")), {"text": "똠방"}),
    "big5": (text_part("big5", "訂單".encode("big5")), {"text": "訂單"}),
    "koi8-r": (text_part("koi8-r", "Привет".encode("koi8_r")), {"text": "Привет"}),
    "windows-1251": (text_part("windows-1251", "Привет".encode("cp1251")), {"text": "Привет"}),
    "iso-8859-1 with the quotes of windows-1252": (text_part("iso-8859-1", b"\x93caf\xe9\x94"), {"text": "“café”"}),
    "iso-8859-1 that is really utf-8": (text_part("iso-8859-1", "café – 東京".encode()), {"text": "café – 東京", "warns": "UTF-8"}),
    "us-ascii that is really utf-8": (text_part("us-ascii", "東京".encode()), {"text": "東京"}),
    "utf-8 cut inside a character": (text_part("utf-8", ("東京" * 60).encode()[:-1]), {"contains": "東京東京", "warns": "utf-8"}),
    "an unknown label over utf-8": (text_part("x-martian", "東京".encode()), {"text": "東京", "warns": "x-martian"}),
    "a label that is a codec but no charset": (text_part("base64", "東京".encode()), {"text": "東京"}),
    "a label with a bomb in it": (text_part("unicode_escape", b"\\ud800 \\u0041"), {"text": "\\ud800 \\u0041"}),
    "utf-7": (text_part("utf-7", b"+ZeVnLIqe-"), {"text": "日本語"}),
    "utf-16 in base64": (text_part("utf-16", b64("東京".encode("utf-16")), "base64"), {"text": "東京"}),
    "a byte order mark": (text_part("utf-8", b"\xef\xbb\xbfhello"), {"text": "hello"}),
    "Shift_JIS without a label": (mail(body="商品がまだ届いていません。".encode("cp932")), {"text": "商品がまだ届いていません。"}),
}
