"""Labelled mails that are odd as a whole: rules that are no signatures, headers that are no quotation, prefixes that are none."""

WHOLE = {
    "an order between rules": (
        "t ご注文を承りました。\n\nt ==============================\nt ご注文内容\nt ==============================\nt 電動ドリル  1 個  9,800 円\nt 合計 9,800 円\nt ------------------------------\nt お届け予定日: 12月1日\n\nt ありがとうございました。"
    ),
    "a web form": "t 差出人: 山田 <yamada@example.jp>\nt 題名: 在庫について\n\nt メッセージ本文:\nt 在庫はありますか。\n\ns -- \ns このメールは お問い合わせフォーム から送信されました",
    "a form with a date": "t お名前: 山田\nt 日時: 2026年12月1日 10:00\nt 件名: 予約\nt 電話: 03-1234-5678\n\nt 予約をお願いします。",
    "a signature in the middle, a postscript below": (
        "t 見積書を送ります。\n\ns ━━━━━━━━━━━━━━\ns 株式会社アクメ\ns TEL 03-1234-5678\ns ━━━━━━━━━━━━━━\n\nt 追伸: 年末は 28 日まで営業しています。ご不明な点はお問い合わせください。"
    ),
    "a telephone number in the last sentence": "t こんにちは。\n\nt 電話は 03-1234-5678 までお願いします。\nt メールは yamada@example.jp です。",
    "an arrow": "t 手順です。\n\nt 設定 --> 全般\nt --> 情報\nt これで表示されます。",
    "a markdown list and a rule": "t Steps:\n\nt - open\nt - close\n\nt ---\n\nt Is that right?",
    "sent from the warehouse": "t It was sent from Osaka on Monday.\nt Sent from the warehouse by ship.\nt Where is it?",
    "a list member asks to be taken off": "t メーリングリストの件でご連絡しました。\n\nt 配信停止をお願いします。",
    "confidential once": "t Hello,\n\nt this is confidential, please do not tell anybody.\n\nt Ann",
    "a quotation alone": "q > one\nq > two\nq > three\nq > four\nq > five",
    "two answers in one mail": ("t 1 つ目の回答です。\n\nq > 質問 1\nq > 続き\n\nt 2 つ目の回答です。\n\nq > 質問 2\n\ns --\ns 山田"),
    "somebody wrote something": "t 彼は手紙にこう書きました:\n\nt 「ありがとう」\n\nt 以上です。",
    "a date with a colon": "t 予定は次のとおりです。\n\nt 2026年11月24日:\nt 会議\nt 2026年11月25日:\nt 休み",
    "a shell session": "t I typed:\n\nt $ make test\nt error: no rule\n\nt What now?",
    "a horizontal table": "t 品名       数量\nt ----------------\nt ドリル     2\nt 六角レンチ 10\n\nt 以上です。",
    "a card with its own opening": (
        "t お世話になっております。\nt よろしくお願いいたします。\n\ns ------------------------------\ns アクメ（株）　総務部　総務課\ns 課長　鈴木 一郎\ns 〒100-0001\ns 東京都千代田区千代田1-1\ns Tel 03-1234-5678 Fax 03-1234-5679\ns Mobile 090-1234-5678\ns suzuki@example.jp\ns https://www.example.jp/\ns ------------------------------"
    ),
    "a footer, then the old mail, then the other's card": (
        "t 承知しました。\n\ns iPhoneから送信\n\nq 2026/11/24 10:00、サポート <s@example.jp>のメール:\n\nq > はい。\nq >\nq > --\nq > サポート\nq > TEL 03-1111-2222"
    ),
    "an attached mail below a word, with an old mail in it": (
        "t 転送します。\n\nt From: 佐藤 <sato@example.jp>\nt To: 山田 <yamada@example.jp>\nt Date: 2026-11-24 09:00 +0900\nt Subject: 請求書\n\n"
        "t 請求書です。\n\nq From: 山田 <yamada@example.jp>\nq Sent: Monday, November 23, 2026 9:00 AM\nq To: 佐藤\nq Subject: 請求書\n\nq お願いします。"
    ),
    "the links of a page": "t ご確認ください[1]。\nt 配信停止[2]\n\nt [1] https://www.example.jp/a\nt [2] https://www.example.jp/b",
    "a forwarded mail with a word above": (
        "t ご確認ください。\n\nq -----Original Message-----\nq From: 佐藤 <sato@example.jp>\nq Sent: Monday, November 23, 2026 9:00 AM\nq To: 山田\nq Subject: 請求書\n\nq 請求書です。\n\nq 佐藤"
    ),
    "forwarded by Gmail, nothing above": (
        "f ---------- Forwarded message ---------\nf From: 佐藤 <sato@example.jp>\nf Date: 2026年11月23日(月) 9:00\nf Subject: 請求書\nf To: <yamada@example.jp>\n\nf 請求書です。\n\nf 佐藤"
    ),
    "forwarded in Japanese, a word above": (
        "t ご確認ください。\n\ns --\ns 山田\n\nf -------- 転送メッセージ --------\nf 件名: 請求書\nf 日付: Mon, 23 Nov 2026 09:00:00 +0900\nf 差出人: 佐藤 <sato@example.jp>\n\nf 請求書です。\n\nf > 前のメール"
    ),
    "forwarded by Apple Mail": (
        "t FYI\n\nf Begin forwarded message:\n\nf > From: Ann <ann@example.com>\nf > Subject: Invoice\nf > Date: 23 November 2026 at 9:00:00 GMT\nf > To: Bob <bob@example.com>\nf >\nf > Here is the invoice."
    ),
    "forwarded by Becky": "f Forwarded by 山田 <y@example.jp>\nf ----------------------- Original Message -----------------------\nf  From: 佐藤 <s@example.jp>\nf  Date: Mon, 23 Nov 2026 09:00:00 +0900\n\nf 請求書です。",
    "forwarded by Notes": "t 転送します。\n\nf ----- Forwarded by Taro Yamada/Acme on 2026/11/24 10:00 -----\n\nf 差出人: 佐藤\nf 宛先: 山田\n\nf 請求書です。",
    "an answer to what was forwarded": (
        "t ありがとうございます。\n\nq 2026年11月24日(火) 10:00 山田 <yamada@example.jp>:\n\nq > ---------- Forwarded message ---------\nq > From: 佐藤 <sato@example.jp>\nq > Date: 2026年11月23日(月) 9:00\nq >\nq > 請求書です。"
    ),
    "a word about forwarding": "t 転送されたメッセージ:\n\nt 届いていません。\nt Forwarded by post last week.",
    "a web form announced": "t 以下のお問い合わせがありました。\nt 差出人: 山田 <yamada@example.jp>\nt 日時: 2026年12月1日 10:00\nt 件名: 在庫について\n\nt 在庫はありますか。",
    "a web form with the inbox": "t お問い合わせを受け付けました。\n\nt 送信者: 山田\nt 宛先: info@example.jp\nt 送信日時: 2026/12/01 10:00\nt 件名: 在庫\n\nt 在庫はありますか。",
    "a web form under a rule": "t ホームページからのお問い合わせ\nt --------------------\nt 差出人: 山田\nt 日時: 2026/12/01 10:00\nt 件名: 在庫\n\nt 在庫はありますか。",
    "a journey": "t Hello,\n\nt From: Tokyo\nt To: Osaka\nt Date: 12 Dec 2026\nt Can you do that?",
    "a journey in German": "t Hallo,\n\nt Von: Hamburg\nt An: München\nt Datum: 12.12.2026\nt Geht das?",
    "an inline picture and a card": "t [写真]\nt 届いた商品です。\n\ns 山田花子\ns 〒220-0012 神奈川県横浜市西区\ns TEL 045-123-4567\ns hanako@example.jp",
    "nothing": "",
    "one word": "t はい",
    "stars as emphasis": "t ********** 重要 **********\nt 12月1日から 12月5日まで休業します。\nt ご注意ください。",
    "a price list with rules": "t ━━━━━━━━━━\nt A コース 3,000円\nt B コース 5,000円\nt ━━━━━━━━━━\nt どちらがよいですか。",
}
