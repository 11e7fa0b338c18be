"""Bodies in every charset, labelled rightly, wrongly or not at all."""

from tests.mime.mails import Case, b64, mail, multipart, text_part

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
    "a short utf-8 text cut inside a character, dots behind it": (
        text_part("utf-8", "ご注文の件".encode()[:-1] + b"...\r\n"),
        {"text": "ご注文の\ufffd...", "warns": "could not be read as utf-8"},
    ),
    "a short Shift_JIS text cut inside a character": (
        text_part("shift_jis", "ご注文の件".encode("cp932")[:-1]),
        {"text": "ご注文の\ufffd", "warns": "could not be read as shift-jis"},
    ),
    "EUC-JP with one broken byte": (
        text_part("euc-jp", "品切れです。\r\nご注文".encode("euc_jp") + b"\xff" + "の品".encode("euc_jp")),
        {"text": "品切れです。\nご注文\ufffdの品", "warns": "could not be read as euc-jp"},
    ),
    "EUC-JP cut inside a character": (
        text_part("x-euc-jp", "お問い合わせの件".encode("euc_jp")[:-1]),
        {"text": "お問い合わせの\ufffd", "warns": "could not be read as x-euc-jp"},
    ),
    "EUC-JP without a label, cut inside a character": (
        mail(b"Content-Type: text/plain\r\n", "お問い合わせの件".encode("euc_jp")[:-1]),
        {"text": "お問い合わせの\ufffd", "warns": "could not be read as euc-jp"},
    ),
    "utf-8 without a label, a byte of it lost": (
        mail(b"Content-Type: text/plain\r\n", "お問い合わせの件".encode()[1:]),
        {"text": "\ufffd\ufffd問い合わせの件", "warns": "could not be read as utf-8"},
    ),
    "Russian in utf-8 cut inside a letter": (text_part("utf-8", "Вопрос о заказе".encode()[:-1] + b" ..."), {"contains": "Вопрос о заказ\ufffd ..."}),
    "gb2312 cut inside a character": (text_part("gb2312", "您好，报价单".encode("gb18030")[:-1]), {"text": "您好，报价\ufffd"}),
    "iso-2022-jp cut inside its last escape": (text_part("iso-2022-jp", "ご注文の件".encode("iso2022_jp")[:-1]), {"text": "ご注文の件"}),
    "utf-8 that is really iso-2022-jp": (
        text_part("utf-8", "品切れです".encode("iso2022_jp")),
        {"text": "品切れです", "warns": "declared as utf-8; it was read as iso-2022-jp"},
    ),
    "Shift_JIS that is really iso-2022-jp": (text_part("shift_jis", "品切れです".encode("iso2022_jp")), {"text": "品切れです"}),
    "a terminal's colours in utf-8 are no iso-2022-jp": (text_part("utf-8", b"\x1b[31mred\x1b(B\x1b[0m"), {"text": "\x1b[31mred\x1b(B\x1b[0m"}),
    "an unknown label over utf-8": (text_part("x-martian", "東京".encode()), {"text": "東京", "warns": "x-martian"}),
    "a label that is a codec but no charset": (text_part("base64", "東京".encode()), {"text": "東京"}),
    "a label with a bomb in it": (text_part("unicode_escape", b"\\ud800 \\u0041"), {"text": "\\ud800 \\u0041"}),
    "utf-7": (text_part("utf-7", b"+ZeVnLIqe-"), {"text": "日本語"}),
    "utf-16 in base64": (text_part("utf-16", b64("東京".encode("utf-16")), "base64"), {"text": "東京"}),
    "a byte order mark": (text_part("utf-8", b"\xef\xbb\xbfhello"), {"text": "hello"}),
    "Shift_JIS without a label": (mail(body="商品がまだ届いていません。".encode("cp932")), {"text": "商品がまだ届いていません。"}),
    # mobile phones
    "a docomo phone's sun and heart": (text_part("shift_jis", "晴れ".encode("cp932") + b"\xf8\x9f\xf9\x91"), {"text": "晴れ☀❤"}),
    "an au phone's pictures in Shift_JIS": (text_part("shift_jis", b"ok\xf6\x60\xf7\x41\xf3\x43"), {"text": "ok☀4⃣⛺"}),
    "a SoftBank phone's pictures, two at docomo's codes": (text_part("shift_jis", b"ok\xf7\x41\xf9\x41\xf9\x8b"), {"text": "ok📫👦☀"}),
    "a docomo phone's picture at a SoftBank code": (text_part("shift_jis", b"ok\xf9\x8b"), {"text": "ok5⃣"}),
    "an au phone's pictures in iso-2022-jp": (text_part("iso-2022-jp", b"\x1b$BF|u:u\x41\x1b(B"), {"text": "日⚠☀"}),
    "a company's own kanji": (text_part("shift_jis", b"\xf0\x40" + "日".encode("cp932")), {"text": "〓日"}),
    "a company's own kanji in iso-2022-jp": (text_part("iso-2022-jp", b"\x1b$B}!F|\x1b(B"), {"text": "〓日"}),
    "a kanji of JIS X 0213 in Shift_JIS": (text_part("shift_jis", "彅".encode("shift_jisx0213") + "草".encode("cp932")), {"text": "彅草"}),
    "Shift_JIS with one broken byte": (
        text_part("shift_jis", ("注文" * 60).encode("cp932") + b"\xff"),
        {"contains": "注文注文", "warns": "shift-jis"},
    ),
    # wrong labels that are habits
    "iso-8859-1 that is really Shift_JIS": (text_part("iso-8859-1", "ご注文の商品".encode("cp932")), {"text": "ご注文の商品", "warns": "shift_jis"}),
    "windows-1252 that is really EUC-JP": (text_part("windows-1252", "ご注文の商品".encode("euc_jp")), {"text": "ご注文の商品", "warns": "euc-jp"}),
    "iso-8859-1 that is really Big5": (text_part("iso-8859-1", "訂單查詢".encode("big5")), {"text": "訂單查詢"}),
    "iso-8859-1 that is German": (
        text_part("iso-8859-1", "Grüße aus Köln, Jürgen Müßig".encode("latin-1")),
        {"text": "Grüße aus Köln, Jürgen Müßig", "quiet": True},
    ),
    "shift_jis that is really utf-8": (text_part("shift_jis", "お世話になります".encode()), {"text": "お世話になります", "warns": "UTF-8"}),
    "shift_jis that is really EUC-JP": (text_part("shift_jis", "お世話になります".encode("euc_jp")), {"text": "お世話になります"}),
    "euc-jp that is really Shift_JIS": (text_part("euc-jp", "お世話になります".encode("cp932")), {"text": "お世話になります"}),
    "utf-8 that is really Shift_JIS": (text_part("utf-8", "お世話になります".encode("cp932")), {"text": "お世話になります", "warns": "shift_jis"}),
    "utf-8 that is really windows-1252": (text_part("utf-8", b"caf\xe9 au lait"), {"text": "café au lait"}),
    "gb2312 with a character of gbk and one of four bytes": (text_part("gb2312", "镕㐀".encode("gb18030")), {"text": "镕㐀"}),
    "us-ascii that is really iso-2022-jp": (text_part("us-ascii", "注文".encode("iso2022_jp")), {"text": "注文"}),
    "a page that calls itself unicode": (text_part("unicode", b"plain words"), {"text": "plain words"}),
    "iso-8859-9": (text_part("iso-8859-9", "Şükrü Yıldız".encode("cp1254")), {"text": "Şükrü Yıldız"}),
    # others of the world
    "big5-hkscs": (text_part("big5-hkscs", "嘅".encode("big5hkscs")), {"text": "嘅"}),
    "big5 with a character of cp950": (text_part("big5", "碁€".encode("cp950")), {"text": "碁€"}),
    "iso-2022-kr": (text_part("iso-2022-kr", "주문".encode("iso2022_kr")), {"text": "주문"}),
    "iso-2022-kr without its header": (text_part("iso-2022-kr", "주문".encode("iso2022_kr").replace(b"\x1b$)C", b"")), {"text": "주문"}),
    "iso-2022-kr without a label": (mail(body="주문 문의".encode("iso2022_kr")), {"text": "주문 문의"}),
    "hz-gb-2312": (text_part("hz-gb-2312", "订单".encode("hz")), {"text": "订单"}),
    "koi8-u": (text_part("koi8-u", "їжак".encode("koi8_u")), {"text": "їжак"}),
    "iso-8859-2": (text_part("iso-8859-2", "żółć".encode("iso8859_2")), {"text": "żółć"}),
    "windows-1250 written cp-1250": (text_part("cp-1250", "žluťoučký".encode("cp1250")), {"text": "žluťoučký"}),
    "windows-1253": (text_part("windows-1253", "Καλημέρα".encode("cp1253")), {"text": "Καλημέρα"}),
    "windows-1255": (text_part("windows-1255", "שלום".encode("cp1255")), {"text": "שלום"}),
    "windows-1256": (text_part("windows-1256", "مرحبا".encode("cp1256")), {"text": "مرحبا"}),
    "windows-1258": (text_part("windows-1258", "đơn".encode("cp1258")), {"text": "đơn"}),
    "tis-620": (text_part("tis-620", "สวัสดี".encode("cp874")), {"text": "สวัสดี"}),
    "mac roman": (text_part("macintosh", "café".encode("mac_roman")), {"text": "café"}),
    "utf-16 without a mark, as Windows writes it": (text_part("utf-16", b64("東京です".encode("utf-16-le")), "base64"), {"text": "東京です"}),
    "utf-16 without a mark, as the standard has it": (text_part("utf-16", b64("東京です".encode("utf-16-be")), "base64"), {"text": "東京です"}),
    "utf-16le with half a pair": (text_part("utf-16le", b64("東".encode("utf-16-le") + b"\x3d\xd8"), "base64"), {"contains": "東"}),
    "utf-16 without a mark and without a label": (
        mail(b"Content-Transfer-Encoding: base64\r\n", b64("Order 12\r\n".encode("utf-16-le"))),
        {"text": "Order 12"},
    ),
    # labels as they are written
    "a label with blanks": (text_part('"ISO 8859-1"', b"caf\xe9"), {"text": "café"}),
    "a label with a year": (text_part("ISO_8859-1:1987", b"caf\xe9"), {"text": "café"}),
    "a label that says charset twice": (text_part("charset=utf-8", "東京".encode()), {"text": "東京"}),
    "windows-31j": (text_part("Windows-31J", "髙".encode("cp932")), {"text": "髙"}),
    "cp65001": (text_part("cp65001", "東京".encode()), {"text": "東京"}),
    "iso-2022-jp-ms": (text_part("iso-2022-jp-ms", JIS_NEC), {"text": "①㈱髙"}),
    "cp50221": (text_part("cp50221", b"\x1b(I6@\x1b(B"), {"text": "ｶﾀ"}),
    "eucJP-ms with half-width kana": (text_part("eucJP-ms", b"\x8e\xb6 \xad\xa1"), {"text": "ｶ ①"}),
    "two parts of two charsets": (
        multipart(
            "mixed",
            b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + "件".encode("iso2022_jp"),
            b"Content-Type: text/plain; charset=koi8-r\r\n\r\n" + "Да".encode("koi8_r"),
            b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + "订单".encode("gb18030"),
        ),
        {"text": "件\n\nДа\n\n订单"},
    ),
    # several in one text
    "utf-8 with a signature in Shift_JIS": (
        text_part(
            "utf-8",
            "お世話になっております。\r\n山田です。\r\n先日の注文の件でご連絡いたします。\r\n".encode() + "株式会社アクメ 営業部".encode("cp932"),
        ),
        {"text": "お世話になっております。\n山田です。\n先日の注文の件でご連絡いたします。\n株式会社アクメ 営業部", "warns": "mixes charsets"},
    ),
    "utf-8 with a signature in latin-1": (
        text_part("utf-8", "Schöne Grüße\r\n".encode() + "Jörg Müller".encode("latin-1")),
        {"text": "Schöne Grüße\nJörg Müller", "warns": "mixes charsets"},
    ),
    "latin-1 with a footer in utf-8": (
        text_part("iso-8859-1", "Viele Grüße\r\n".encode("latin-1") + "Müller GmbH, Köln".encode()),
        {"text": "Viele Grüße\nMüller GmbH, Köln", "warns": "mixes charsets"},
    ),
    "Shift_JIS with a footer in utf-8": (
        text_part("shift_jis", "お世話になっております。\r\n".encode("cp932") * 3 + "フッターです".encode()),
        {"text": "お世話になっております。\n" * 3 + "フッターです", "warns": "mixes charsets"},
    ),
    "EUC-JP with a footer in utf-8": (
        text_part("euc-jp", "お世話になっております。\r\n".encode("euc_jp") + "フッターです".encode()),
        {"text": "お世話になっております。\nフッターです", "warns": "mixes charsets"},
    ),
    "two charsets and no label": (
        mail(body="ご注文の件です。\r\n".encode() + "株式会社アクメ 営業部".encode("cp932")),
        {"text": "ご注文の件です。\n株式会社アクメ 営業部", "warns": "mixes charsets"},
    ),
    "utf-8 with a byte lost in one of its lines": (
        text_part("utf-8", "お世話になっております。\r\n".encode() + "山田太郎です。".encode()[1:]),
        {"contains": "お世話になっております。\n", "warns": "mixes charsets"},
    ),
    "iso-2022-jp with a footer in utf-8": (
        text_part("iso-2022-jp", "お世話になっております。\r\n".encode("iso2022_jp") + "フッターです\r\n".encode() + "以上".encode("iso2022_jp")),
        {"text": "お世話になっております。\nフッターです\n以上", "warns": "mixes charsets"},
    ),
    "utf-8 with a quotation in iso-2022-jp": (
        text_part("utf-8", "ご返信します。\r\n".encode() + "> ご注文の件".encode("iso2022_jp") + "\r\n以上です。".encode()),
        {"text": "ご返信します。\n> ご注文の件\n以上です。", "warns": "mixes charsets"},
    ),
    "shift_jis that is really iso-2022-jp with half-width kana": (
        text_part("shift_jis", b"\x1b(I6@6E\x1b(B!"),
        {"text": "ｶﾀｶﾅ!", "warns": "it was read as iso-2022-jp"},
    ),
    "iso-8859-1 that is really iso-2022-jp": (
        text_part("iso-8859-1", "ご注文の件です。".encode("iso2022_jp")),
        {"text": "ご注文の件です。", "warns": "it was read as iso-2022-jp"},
    ),
    "iso-2022-jp with a footer in Shift_JIS": (
        text_part("iso-2022-jp", "お世話になっております。\r\n".encode("iso2022_jp") + "フッターです".encode("cp932")),
        {"text": "お世話になっております。\nフッターです", "warns": "mixes charsets"},
    ),
    "iso-2022-jp with a pair that is no character": (
        text_part("iso-2022-jp", b"\x1b$BF|\x29\x7e\x1b(B"),
        {"contains": "日", "warns": "could not be read as iso-2022-jp"},
    ),
    "iso-2022-jp with raw half-width kana in a line of its own escapes": (
        text_part("iso-2022-jp", b"\x1b$BF|\x1b(B \xb6\xc0\xb6\xc5"),
        {"text": "日 ｶﾀｶﾅ"},
    ),
    "html that states its charset in http-equiv": (
        mail(b"Content-Type: text/html\r\n", b'<meta http-equiv="Content-Type" content="text/html; charset=euc-jp"><p>' + "品切れ".encode("euc_jp")),
        {"text": "品切れ"},
    ),
    "html whose label and statement differ": (
        mail(b"Content-Type: text/html; charset=utf-8\r\n", b"<meta charset=shift_jis><p>" + "品切れ".encode()),
        {"text": "品切れ"},
    ),
}
