"""The English mails of the sample day, and what machines send: reports, newsletters, auto-replies."""

from mailsync.demo.stories import Story, Turn

BEN = "\n\nBest regards,\nBen Carter\nMidori Hardware Support"

STORIES_EN: tuple[Story, ...] = (
    Story(
        "Emma Wilson <emma.wilson@example.com>",
        "Do you ship to New Zealand?",
        0.5,
        "Hello,\n\nI bought a set of your Japanese pull saws on a trip last year and love them. Do you ship to New Zealand?\n"
        "I would like two more ryoba saws (240 mm) and a sharpening kit.\n\nKind regards,\nEmma Wilson\nWellington",
    ),
    Story(
        "Liam O'Brien <liam@obrien-joinery.example.com>",
        "URGENT: wrong hinges delivered, crew waiting on site",
        1.2,
        "Hi,\n\nOrder M-20412 arrived this morning with 76 mm hinges instead of 102 mm. I have four people waiting on site and the doors must hang by Thursday.\n"
        "Please send the right ones by express today and tell me the tracking number.\n\nLiam O'Brien",
        files=("delivery-note.pdf",),
    ),
    Story(
        "Grace Taylor <grace.taylor@example.org>",
        "Refund for M-20366 still not here",
        2.4,
        "I returned the pressure washer three weeks ago and you confirmed that it arrived. The refund is still not on my card.\n"
        "This is my second mail about it. If I don't hear from you by tomorrow I will ask my bank to reverse the charge.\n\nGrace Taylor",
    ),
    Story(
        "Noah Smith <noah.smith@example.net>",
        "Which drill bit for tiles?",
        3.7,
        "<p>Hi there,</p><p>I want to hang a mirror in a bathroom with <b>porcelain</b> tiles. Which of these should I take?</p>"
        "<ul><li>diamond bit, 6 mm</li><li>carbide bit, 6 mm</li></ul><p>And do I need the low speed setting?</p><p>Thanks!<br>Noah</p>"
        '<p style="display:none">tracking-id 99</p>',
        "html",
    ),
    Story(
        "Chloé Moreau <chloe.moreau@example.com>",
        "Quotation for a furniture workshop",
        4.9,
        "Dear Madam or Sir,\n\nour workshop near Lyon needs 200 brass screws (4 x 35 mm), 60 butt hinges and 12 chisels from your catalogue.\n"
        "Could you send a quotation with delivery to France? A café-style invoice is fine, we are not fussy.\n\nChloé Moreau",
        "iso-8859-1",
    ),
    Story(
        "Jack Davies <jack.davies@example.org>",
        "Thank you!",
        6.3,
        "Just wanted to say thank you for sending the spare key for the tool box so quickly. Great service. Say hello to Ben!\n\nJack",
    ),
    Story(
        "Olivia Brown <olivia@brown-interiors.example.com>",
        "Change of delivery address for M-20419",
        7.7,
        "Could you please send M-20419 to our new studio instead? The address is on our signature. Nothing else changes.\n\nOlivia Brown\nBrown Interiors\n2-3-4 Midorigaoka, Yokohama",
    ),
    Story(
        "Henry Clark <henry.clark@example.net>",
        "Spirit level out of true",
        25.5,
        "The 60 cm spirit level I bought shows a different reading when I turn it around. Is that covered by the warranty?",
        later=(
            Turn(
                24.8,
                "Dear Mr Clark,\n\nit is. Please send us a photo of the vial and of the serial number on the back, and we will send a new one." + BEN,
                "ben",
            ),
            Turn(1.4, "Hi Ben,\n\nhere is the photo. There is no serial number on mine, only a sticker with 'B2'.\n\nHenry"),
        ),
    ),
    Story(
        "Karen Jones <karen.jones@example.com>",
        "Gift card does not work",
        27.0,
        "I have a gift card (number ends in 7731) and the shop says it is invalid. It is a present from my sister, so I'd rather not ask her.",
        later=(
            Turn(
                26.1,
                "Dear Ms Jones,\n\nthe card had not been activated at the till, which was our mistake. It works now, with 10 % extra for the trouble."
                + BEN,
                "ben",
            ),
        ),
    ),
    Story(
        "Peter Evans <peter@evans-boats.example.org>",
        "Stainless screws, A4 grade",
        31.6,
        "Do you stock countersunk screws in A4 (marine) grade, 5 x 60? I need about 1,000.",
        later=(
            Turn(30.4, "Dear Mr Evans,\n\nwe have 600 in stock and can get the rest by next Tuesday. Shall I put an order together?" + BEN, "ben"),
            Turn(29.8, "Yes please, the lot, one delivery on Tuesday. Same address as last time."),
            Turn(28.9, "Dear Mr Evans,\n\ndone: order M-20421, delivery next Tuesday." + BEN, "ben"),
        ),
    ),
    Story(
        "Irene Walker <irene.walker@example.net>",
        "Invoice in English?",
        34.0,
        "My accountant needs the invoice for M-20350 in English. Is that possible?",
        later=(Turn(33.1, "Dear Ms Walker,\n\nof course, please find it attached." + BEN, "ben"), Turn(32.5, "Perfect, thank you.")),
    ),
    Story(
        "David Roberts <david.roberts@example.com>",
        "Is the folding saw back?",
        48.7,
        "Any idea when the 180 mm folding saw will be in stock again?",
        later=(Turn(47.9, "Dear Mr Roberts,\n\nwe expect it in the second week of December and will write to you." + BEN, "ben"),),
    ),
)

NEWS: tuple[Story, ...] = (
    Story("工具ニュース <news@kougu.example.net>", "【工具ニュース】冬の新製品特集", 5.8, "いつもご購読ありがとうございます。\n今週は充電式暖房ベストと防寒手袋を特集します。\n\n配信停止: https://news.example.net/stop", extra=("List-Id: <kougu-news.example.net>", "Precedence: bulk")),
    Story("Trade Fair Weekly <weekly@fair.example.org>", "Five booths you should not miss", 9.1, "This week: five booths you should not miss, and how to get there.\n\nUnsubscribe: https://fair.example.org/u", extra=("List-Id: <weekly.fair.example.org>", "List-Unsubscribe: <https://fair.example.org/u>")),
    Story("みどり配送センター <noreply@haiso.example.jp>", "【配送センター】本日の出荷予定", 8.8, "本日の出荷予定は 62 件です。\n遅延:なし\n\n※このメールは送信専用です。", extra=("Auto-Submitted: auto-generated",)),
    Story("鈴木 健一 <k.suzuki@koumuten.example.jp>", "自動返信: 丁番の件", 26.6, "鈴木は本日現場のため不在にしております。お急ぎの方は携帯までお願いいたします。", extra=("Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All")),
    Story("Chloé Moreau <chloe.moreau@example.com>", "Automatic reply: your catalogue", 30.9, "I am out of the office until Thursday and will read your mail then.", "iso-8859-1", extra=("Auto-Submitted: auto-replied",)),
    Story("商店街振興組合 <jimukyoku@shotengai.example.jp>", "年末大売出しの打ち合わせ", 10.4, "組合員各位\n\n年末大売出しの打ち合わせを28日(土)18時より会館にて行います。\nご出席の可否を26日までにご返信ください。\n\n事務局", "iso-2022-jp"),
    Story("当選通知センター <winner@lucky.example.org>", "★おめでとうございます★ 1億円当選のお知らせ", 7.9, "あなたは厳正な抽選の結果、1億円に当選されました。本日中に下記へ銀行口座をご登録ください。\nhttps://lucky.example.org/claim", "shift_jis"),
    Story("SEO Experts <growth@seo.example.net>", "Your website is losing customers", 12.6, "Dear owner,\n\nyour website has 27 critical errors. Reply YES for a free report.\n\nMark"),
)  # fmt: skip
