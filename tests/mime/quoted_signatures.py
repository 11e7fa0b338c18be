"""Signatures and footers as people and their programs write them."""

SIGNATURES = {
    "no signature": "",
    "a Japanese company under a rule": (
        "━━━━━━━━━━━━━━━━━━━━\n株式会社アクメ工業　営業部\n山田 太郎（やまだ たろう）\n〒105-0011 東京都港区芝公園4-2-8\nTEL 03-1234-5678 / FAX 03-1234-5679\nE-mail: yamada@example.jp\n━━━━━━━━━━━━━━━━━━━━"
    ),
    "RFC 3676": "-- \nJohn Doe\nAcme Ltd.",
    "dashes without the blank": "--\n山田太郎\nyamada@example.jp",
    "equal signs": "==============================\n有限会社やまだ商店\n代表 山田花子\n電話: 045-123-4567\nhttps://yamada.example.jp/\n==============================",
    "stars and dashes": "*-*-*-*-*-*-*-*-*-*-*-*-*-*\n山田 花子\n携帯: 090-1234-5678\nメール: hanako@example.jp\n*-*-*-*-*-*-*-*-*-*-*-*-*-*",
    "an English card without a mark": "John Doe\nSales Manager, Acme Ltd.\nPhone: +44 20 7946 0018\njohn.doe@example.com",
    "iPhone in Japanese": "iPhoneから送信",
    "iPhone in English": "Sent from my iPhone",
    "Outlook for Android in Japanese": "Android 版 Outlook を入手\nOutlook for Android を入手<https://aka.example/x>",
    "Outlook for iOS": "Get Outlook for iOS<https://aka.example/o>",
    "dashes and a company": "--------------------------------------------------\n合同会社みどり\n購買課　鈴木一郎\nTel: 06-6123-4567  Fax: 06-6123-4568\nMail: suzuki@example.co.jp\n--------------------------------------------------",
    "Yahoo! JAPAN's app": "Yahoo!メールアプリから送信",
    "underscores": "_______________________________________\n学校法人さくら学園\n事務局 田中\nTEL:03(1234)5678\ntanaka@sakura.example.jp",
    "a decorated frame": "☆━━━━━━━━━━━━━━☆\n  雑貨店 ぽらりす\n  店長 佐々木\n  http://polaris.example.jp\n☆━━━━━━━━━━━━━━☆",
    "docomo": "ドコモのスマートフォンから送信",
    "au": "auスマートフォンから送信されました",
    "a disclaimer in English": (
        "-- \nJane Roe | Acme Inc.\n\nThis e-mail and any attachments are confidential and intended solely for the addressee.\nIf you are not the intended recipient, please notify the sender and delete it."
    ),
    "a disclaimer in Japanese": (
        "【機密情報に関するご注意】本メールには機密情報が含まれている場合があります。\n誤って受信された場合は、第三者に開示することなく、削除してくださいますようお願いいたします。"
    ),
    "a mailing list": "_______________________________________________\nusers mailing list\nusers@lists.example.org\nhttps://lists.example.org/mailman/listinfo/users",
    "Google Groups": (
        '-- \nYou received this message because you are subscribed to the Google Groups "desk" group.\nTo unsubscribe from this group, send an email to desk+unsubscribe@example.org.'
    ),
    "full-width signs": "＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊\n（株）山田電機　サービスセンター\n高橋\nＴＥＬ：０３－１２３４－５６７８\n＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊",
    "a titled rule": "---- 山田太郎 --------------------\n株式会社アクメ\n〒530-0001 大阪府大阪市北区梅田1-1\nTEL: 06-1234-5678\n----------------------------------",
    "Windows Mail": "Windows 版のメールから送信",
    "Galaxy": "Galaxyから送信",
    "a German phone": "Von meinem iPhone gesendet",
}
