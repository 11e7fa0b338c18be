"""How mail programs put a quotation below, above or between: `q` lines are written by the program, `{> quoted}` by the other person."""

TOP = "{text}\n{signature}\n\n"

MANNERS = {
    "Gmail in Japanese": TOP + "q 2026年11月24日(火) 10:00 サポート <support@example.jp>:\n\n{> quoted}",
    "Gmail in English": TOP + "q On Tue, Nov 24, 2026 at 10:00 AM Support <support@example.com> wrote:\n\n{> quoted}",
    "Gmail, the attribution wrapped": TOP
    + "q On Tue, Nov 24, 2026 at 10:00 AM The Support Team of Acme <\nq support-tokyo@example.com> wrote:\n\n{> quoted}",
    "Gmail in Japanese, wrapped": TOP
    + "q 2026年11月24日(火) 10:00 株式会社アクメ カスタマーサポートセンター <\nq support@example.jp>:\n\n{> quoted}",
    "Gmail, no blank line": TOP + "q 2026年11月24日(火) 10:00 サポート <support@example.jp>:\n{> quoted}",
    "Outlook in Japanese": (
        TOP + "q -----Original Message-----\nq From: サポート <support@example.jp> \nq Sent: Tuesday, November 24, 2026 10:00 AM\n"
        "q To: 山田 <yamada@example.jp>\nq Subject: ご注文の件\n\n{quoted}"
    ),
    "Outlook in Japanese, 差出人": (
        TOP
        + "q 差出人: サポート <support@example.jp>\nq 送信日時: 2026年11月24日 10:00\nq 宛先: 山田 <yamada@example.jp>\nq 件名: ご注文の件\n\n{quoted}"
    ),
    "Outlook on the web": (
        TOP + "q ________________________________\nq From: Support <support@example.com>\nq Sent: Tuesday, November 24, 2026 10:00 AM\n"
        "q To: Doe, John <john@example.com>\nq Cc: Ann <ann@example.com>\nq Subject: Your order\n\n{quoted}"
    ),
    "Outlook on the web in Japanese": (
        TOP + "q ________________________________\n\nq 差出人: サポート <support@example.jp>\nq 送信日時: 2026年11月24日 10:00:00\n"
        "q 宛先: 山田 <yamada@example.jp>\nq CC: 鈴木 <suzuki@example.jp>\nq 件名: RE: ご注文の件\n\n{quoted}"
    ),
    "Outlook with bold headers": (
        TOP + "q *From:* Support <support@example.com>\nq *Sent:* Tuesday, November 24, 2026 10:00 AM\nq *To:* John <john@example.com>\n"
        "q *Subject:* Your order\n\n{quoted}"
    ),
    "Outlook in German": (
        TOP + "q -----Ursprüngliche Nachricht-----\nq Von: Support <support@example.com>\nq Gesendet: Dienstag, 24. November 2026 10:00\n"
        "q An: John\nq Betreff: Bestellung\n\n{quoted}"
    ),
    "Outlook in Chinese": TOP + "q 发件人: 客服 <support@example.cn>\nq 发送时间: 2026年11月24日 10:00\nq 收件人: 王\nq 主题: 订单\n\n{quoted}",
    "Outlook Express in Japanese": (
        TOP
        + 'q ----- Original Message ----- \nq From: "サポート" <support@example.jp>\nq To: <yamada@example.jp>\nq Sent: Tuesday, November 24, 2026 10:00 AM\n'
        "q Subject: ご注文の件\n\n\n{> quoted}"
    ),
    "Apple Mail in Japanese": TOP + "q 2026/11/24 10:00、サポート <support@example.jp>のメール:\n\n{> quoted}",
    "Apple Mail in English": TOP + "q On 24 Nov 2026, at 10:00, Support <support@example.com> wrote:\n\n{> quoted}",
    "iPhone in Japanese": TOP + "q 2026/11/24 10:00、サポート <support@example.jp>のメール:\n\nq \ufeff> 前の文\n{> quoted}",
    "Apple Mail, the attribution quoted": TOP + "q > 2026/11/24 10:00、サポート <support@example.jp>のメール:\nq > \n{> quoted}",
    "Yahoo! JAPAN": (
        TOP + "q ----- Original Message -----\nq From: サポート <support@example.jp>\nq To: yamada@yahoo.example\nq Date: 2026/11/24, Tue 10:00\n"
        "q Subject: ご注文の件\nq \n{> quoted}"
    ),
    "Yahoo! JAPAN, not prefixed": (
        TOP + 'q ----- Original Message -----\nq From: "サポート" <support@example.jp>\nq To: "yamada@yahoo.example" <yamada@yahoo.example>\n'
        "q Date: 2026/11/24 火 10:00\nq Subject: ご注文の件\n\n{quoted}"
    ),
    "Yahoo! in English": TOP + "q --- On Tue, 11/24/26, Support <support@example.com> wrote:\n\n{quoted}",
    "Thunderbird in Japanese": "q On 2026/11/24 10:00, サポート wrote:\n{> quoted}\n\n{text}\n{signature}",
    "Thunderbird in Japanese, newer": "q 2026/11/24 10:00、サポート さんは書きました:\n{> quoted}\n\n{text}\n{signature}",
    "Thunderbird, day in brackets": "q (2026/11/24 10:00), サポート wrote:\n{> quoted}\n\n{text}\n{signature}",
    "Thunderbird in English": "q On 24/11/2026 10:00, Support wrote:\n{> quoted}\n\n{text}\n{signature}",
    "Becky": "q On Tue, 24 Nov 2026 10:00:00 +0900\nq サポート <support@example.jp> wrote:\n\n{> quoted}\n\n{text}\n{signature}",
    "Becky in Japanese": "t 山田です。\n\nq サポート <support@example.jp> さんは書きました:\n{> quoted}\n\n{text}\n{signature}",
    "Shuriken": "q 「サポート」さんは書きました：\n{> quoted}\n\n{text}\n{signature}",
    "Shuriken, with the subject": (
        'q Tue, 24 Nov 2026 10:00:00 +0900頃の\nq "ご注文の件"の中で、\nq サポートさんは書きました。\n\n{> quoted}\n\n{text}\n{signature}'
    ),
    "AL-Mail": "q At 10:00 AM 2026/11/24, サポート wrote:\n{> quoted}\n\n{text}\n{signature}",
    "Wanderlust": "q At Tue, 24 Nov 2026 10:00:00 +0900,\nq Support wrote:\n{> quoted}\n\n{text}\n{signature}",
    "Mew": "q In article <20261124.1000@example.jp> の記事において、\nq Support <support@example.jp> writes:\n{> quoted}\n\n{text}\n{signature}",
    "a carrier's phone": TOP + "q -----元のメール-----\nq From: support@example.jp\nq Date: 2026/11/24 10:00\nq Sub: ご注文の件\n\n{> quoted}",
    "a phone with full-width marks": TOP + "{＞quoted}",
    "quotes of quotes": TOP
    + "q 2026年11月24日(火) 10:00 サポート <support@example.jp>:\n{> quoted}\nq > 2026年11月23日(月) 9:00 山田 <y@example.jp>:\n{>> quoted}",
    "answers between": "q On 24/11/2026 10:00, Support wrote:\n{> quoted}\n\nt はい、そうです。\n\n{> quoted}\n\n{text}\n{signature}",
    "answers between, close together": "q > 色は青でしょうか。\nt 青です。\nq > 大きさは？\nt M です。\n\n{text}\n{signature}",
    "French": TOP + "q Le mar. 24 nov. 2026 à 10:00, Support <support@example.com> a écrit :\n\n{> quoted}",
    "German": TOP + "q Am 24.11.2026 um 10:00 schrieb Support:\n{> quoted}",
    "Spanish": TOP + "q El mar, 24 nov 2026 a las 10:00, Support (<support@example.com>) escribió:\n\n{> quoted}",
    "Korean Gmail": TOP + "q 2026년 11월 24일 (화) 오전 10:00, 고객센터 <support@example.kr>님이 작성:\n\n{> quoted}",
    "Chinese Gmail": TOP + "q 客服 <support@example.cn> 于2026年11月24日周二 10:00写道：\n\n{> quoted}",
    "Russian": TOP + "q вт, 24 нояб. 2026 г. в 10:00, Support <support@example.ru>:\n\n{> quoted}",
    "no attribution": TOP + "{> quoted}",
}
