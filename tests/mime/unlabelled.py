"""Texts without a label in the charsets mail still comes in: short ones as in a header, and letters. The first is a subject, the last a letter."""

JAPANESE = (
    "見積", "至急", "返品について", "ご注文の件", "お問い合わせ", "ドリル", "ｶﾞﾗｽ", "ﾃｽﾄ ﾒｰﾙ", "株式会社アクメ", "髙橋", "①②③", "山田太郎", "表示", "ソ連", "請求書No.123",
    "Re: 見積書の件", "【重要】休業のお知らせ", "納期～未定", "領収書の宛名", "東京都千代田区", "２０２６年１１月２４日", "添付ファイルをご確認ください。",
    "商品がまだ届いていません。", "Tel 03-1234-5678 山田", "Windows 11 で印刷できません", "（株）山本製作所 営業部",
    "お世話になっております。山田です。\n先日お送りいただいた見積書を拝見しました。数量を 20 個に変更してください。\nよろしくお願いいたします。",
    "価格表\n\n品名\t数量\t金額\nドリル\t2\t19,600円\n木ねじ\t100\t980円\n",
    "いつもありがとうございます。ﾎﾝｼﾞﾂ ﾁｬｸ でお願いします。\n\n━━━━━━━━━━\n㈱アクメ工業\nTEL 03-1234-5678\n",
    "This is a mostly English letter with one Japanese name in it, 山田, and nothing else that would help.",
)  # fmt: skip
CHINESE = (
    "报价", "订单查询", "关于退货", "您好", "请尽快回复", "发票抬头", "北京市朝阳区", "产品还没有收到。", "Re: 关于报价单的问题", "【通知】放假安排", "谢谢您的帮助",
    "有限公司 销售部", "第2次提醒", "张先生",
    "您好，我们于上周订购的电钻还没有收到，请您帮忙查询一下物流状态。订单号是A1234。谢谢！",
    "尊敬的客户：\n\n感谢您的来信。您的订单已经发货，预计三天内到达。如有问题，请随时与我们联系。\n\n客服部",
)  # fmt: skip
TAIWANESE = (
    "報價", "訂單查詢", "關於退貨", "您好", "請盡快回覆", "發票抬頭", "台北市信義區", "產品還沒有收到。", "Re: 關於報價單的問題", "【通知】放假安排", "謝謝您的幫忙",
    "股份有限公司 業務部", "陳先生",
    "您好，我們上週訂購的電鑽還沒有收到，請您幫忙查詢一下物流狀態。訂單編號是A1234。謝謝！",
    "親愛的客戶：\n\n感謝您的來信。您的訂單已經出貨，預計三天內到達。如有問題，請隨時與我們聯絡。\n\n客服部",
)  # fmt: skip
KOREAN = (
    "견적", "주문 문의", "반품 관련", "안녕하세요", "빠른 답변 부탁드립니다", "세금계산서", "서울시 강남구", "상품이 아직 도착하지 않았습니다.", "Re: 견적서 문의", "감사합니다",
    "주식회사 영업부", "김철수",
    "안녕하세요. 지난주에 주문한 드릴이 아직 도착하지 않았습니다. 배송 상태를 확인해 주시겠습니까? 주문번호는 A1234입니다. 감사합니다.",
    "고객님께,\n\n문의해 주셔서 감사합니다. 주문하신 상품은 오늘 발송되었으며 3일 이내에 도착할 예정입니다.\n\n고객센터",
)  # fmt: skip
RUSSIAN = (
    "Счёт", "Заказ", "Вопрос о доставке", "Здравствуйте", "Срочно", "Возврат товара", "Москва", "Товар ещё не пришёл.", "Re: Счёт на оплату", "Спасибо за помощь",
    "ООО Ромашка", "Иванов Пётр",
    "Здравствуйте! На прошлой неделе мы заказали дрель, но она ещё не пришла. Подскажите, пожалуйста, где наш заказ? Номер заказа A1234.",
    "Уважаемый клиент!\n\nБлагодарим за письмо. Ваш заказ отправлен и прибудет в течение трёх дней.\n\nСлужба поддержки",
)  # fmt: skip
UKRAINIAN = (
    "Запитання про доставку", "Добрий день, товар ще не надійшов.", "Дякуємо за відповідь, чекаємо на рахунок.",
    "Доброго дня! Минулого тижня ми замовили дриль, але вона ще не надійшла. Підкажіть, будь ласка, де наше замовлення?",
)  # fmt: skip
WESTERN = (
    "café", "Rückgabe", "Größe", "Grüße aus Köln", "Où est ma commande ?", "Facture n° 12", "señor Núñez", "Devolución", "Informação", "Æblegrød på Fyn", "Förfrågan",
    "Preis: 20 €", "“quoted” – and a dash…", "M. Lefèvre", "Perché no?",
    "Bonjour, nous avons commandé une perceuse la semaine dernière mais elle n'est pas encore arrivée. Pouvez-vous vérifier ?",
    "Sehr geehrte Damen und Herren,\n\ndie bestellte Bohrmaschine ist leider noch nicht eingetroffen. Können Sie das bitte prüfen? Schöne Grüße\nJürgen Müller",
    "Hola, la semana pasada pedí un taladro y todavía no ha llegado. ¿Podrían decirme dónde está? Muchas gracias, José Muñoz",
)  # fmt: skip
CENTRAL = (
    "Zażółć gęślą jaźń, proszę o odpowiedź w sprawie zamówienia.", "Dzień dobry, w zeszłym tygodniu zamówiliśmy wiertarkę, ale jeszcze nie dotarła.",
    "Dobrý den, minulý týden jsme si objednali vrtačku, ale ještě nedorazila. Můžete to prosím ověřit?",
    "Jó napot kívánok! Múlt héten rendeltünk egy fúrógépet, de még nem érkezett meg. Köszönettel, Gőz Ernő",
)  # fmt: skip
GREEK = (
    "Καλημέρα σας",
    "Δεν έλαβα ακόμη την παραγγελία μου.",
    "Καλημέρα, την περασμένη εβδομάδα παραγγείλαμε ένα τρυπάνι αλλά δεν έχει φτάσει ακόμα. Ευχαριστώ.",
)
HEBREW = ("שלום רב", "ההזמנה עדיין לא הגיעה.", "שלום, הזמנו מקדחה בשבוע שעבר והיא עדיין לא הגיעה. תוכלו לבדוק בבקשה? תודה רבה")
THAI = ("สวัสดีครับ", "ยังไม่ได้รับสินค้าค่ะ", "สวัสดีครับ สัปดาห์ที่แล้วผมสั่งสว่านไว้แต่ยังไม่ได้รับสินค้า ช่วยตรวจสอบให้หน่อยได้ไหมครับ ขอบคุณครับ")
TURKISH = ("Merhaba, geçen hafta sipariş ettiğimiz matkap hâlâ gelmedi. Lütfen kontrol eder misiniz? Teşekkürler, Şükrü Yıldız",)

SETS: dict[str, tuple[tuple[str, ...], str]] = {
    "iso-2022-jp": (JAPANESE, "iso-2022-jp"),
    "shift_jis": (JAPANESE, "cp932"),
    "euc-jp": (JAPANESE, "euc-jp"),
    "utf-8 (Japanese)": (JAPANESE, "utf-8"),
    "utf-16le without a mark (Japanese)": (JAPANESE, "utf-16-le"),
    "utf-16be without a mark (Japanese)": (JAPANESE, "utf-16-be"),
    "gb18030": (CHINESE, "gb18030"),
    "hz": (CHINESE, "hz"),
    "utf-8 (Chinese)": (CHINESE, "utf-8"),
    "big5": (TAIWANESE, "big5hkscs"),
    "cp949": (KOREAN, "cp949"),
    "iso-2022-kr": (KOREAN, "iso2022_kr"),
    "windows-1251": (RUSSIAN + UKRAINIAN, "cp1251"),
    "koi8-r": (RUSSIAN, "koi8_r"),
    "koi8-u": (UKRAINIAN, "koi8_u"),
    "windows-1252": (WESTERN, "cp1252"),
    "utf-8 (Western)": (WESTERN, "utf-8"),
    "windows-1250": (CENTRAL, "cp1250"),
    "windows-1253": (GREEK, "cp1253"),
    "windows-1255": (HEBREW, "cp1255"),
    "windows-874": (THAI, "cp874"),
    "windows-1254": (TURKISH, "cp1254"),
}
"""A name, its texts, and the codec they are sent in."""


def sent(text: str, codec: str) -> bytes:
    """The text as a mail would carry it. Python has no cp50220 and no cp51932: NEC's rows are made from cp932."""
    if codec in ("iso-2022-jp", "euc-jp"):
        return b"".join(_jis(character, codec) for character in text)
    return text.encode(codec)


def _jis(character: str, codec: str) -> bytes:
    if character.isascii():
        return character.encode()
    lead, *rest = character.encode("cp932")
    if not rest:
        return b"\x8e" + bytes((lead,)) if codec == "euc-jp" else b"\x1b(I" + bytes((lead & 0x7F,)) + b"\x1b(B"
    pair = _pair(lead, rest[0])
    return bytes(byte | 0x80 for byte in pair) if codec == "euc-jp" else b"\x1b$B" + pair + b"\x1b(B"


def _pair(lead: int, trail: int) -> bytes:
    """A Shift_JIS pair as a JIS X 0208 pair; what IBM added is found where NEC put it."""
    if lead >= 0xFA:  # the IBM extensions have NEC-selected twins in the rows 89 to 92
        twin = next(
            bytes((high, low))
            for high in (0xED, 0xEE)
            for low in range(0x40, 0xFD)
            if bytes((high, low)).decode("cp932", "replace") == bytes((lead, trail)).decode("cp932")
        )
        lead, trail = twin
    high = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + 0x21
    if trail >= 0x9F:
        return bytes((high + 1, trail - 0x7E))
    return bytes((high, trail - (0x1F if trail < 0x7F else 0x20)))
