"""Labelled mails written before the rules were changed for them: what was first missed in these is why some rules exist."""

LATER = {
    "a decorated frame and a Korean-style date": (
        "t ご返信ありがとうございます。\n"
        "t 来週火曜日でお願いします。\n"
        "\n"
        "s ◇◆◇◆◇◆◇◆◇◆◇◆◇◆\n"
        "s 田中不動産\n"
        "s 担当：田中\n"
        "s 電話\u30000120-123-456\n"
        "s ◇◆◇◆◇◆◇◆◇◆◇◆◇◆\n"
        "\n"
        "q 2026-11-24 10:05 GMT+09:00 株式会社アクメ <info@example.jp>:\n"
        "q > 内見の日程ですが\n"
        "q > 火曜か水曜でいかがでしょうか。"
    ),
    "a card below kind regards, Italian Gmail": (
        "t Hi team,\n"
        "\n"
        "t attached is the signed form.\n"
        "\n"
        "t Kind regards,\n"
        "s Maria Rossi\n"
        "s Purchasing | Rossi S.p.A.\n"
        "s T +39 02 1234 5678\n"
        "s maria@rossi.example\n"
        "\n"
        "q Il giorno mar 24 nov 2026 alle ore 10:00 Support <support@example.com> ha scritto:\n"
        "\n"
        "q > please send us the form\n"
        "q > today"
    ),
    "a dashed original in Japanese": (
        "t 承知いたしました。手配いたします。\n"
        "\n"
        "q -------- 元のメッセージ --------\n"
        "q From: 山田太郎 <yamada@example.jp>\n"
        "q Date: 2026/11/24 10:00 (GMT+09:00)\n"
        "q To: 鈴木 <suzuki@example.jp>\n"
        "q Subject: 部品の件\n"
        "\n"
        "q 部品の手配をお願いします。\n"
        "q 山田"
    ),
    "answers between, a short rule": (
        "q > 在庫はありますか？\n"
        "\n"
        "t 現在、在庫はございません。12月中旬に入荷予定です。\n"
        "\n"
        "q > 予約はできますか？\n"
        "\n"
        "t はい、承ります。\n"
        "\n"
        "s ----\n"
        "s サポート窓口 佐々木\n"
        "s TEL:03-9999-0000"
    ),
    "a bare name, Outlook in German": (
        "t Thanks a lot, works now!\n"
        "\n"
        "s Jane\n"
        "\n"
        "q ________________________________\n"
        "q Von: Support <support@example.com>\n"
        "q Gesendet: Dienstag, 24. November 2026 10:00\n"
        "q An: Jane <jane@example.com>\n"
        "q Betreff: AW: Problem\n"
        "\n"
        "q Hallo Jane,\n"
        "q bitte neu starten."
    ),
    "full-width telephone numbers": (
        "t 以下の件、いかがでしょうか。\n"
        "t ご確認をお願いします。\n"
        "\n"
        "s ＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝\n"
        "s 有限会社\u3000丸山製作所\n"
        "s 製造部\u3000部長\u3000丸山\u3000茂\n"
        "s 〒399-0001\u3000長野県松本市１－２－３\n"
        "s ＴＥＬ\u3000０２６３－１２－３４５６\n"
        "s ＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝"
    ),
    "a card of four lines": ("t 明日伺います。\n\ns 山田 太郎\ns Taro Yamada\ns ACME K.K.\ns 090-1234-5678"),
    "a Galaxy": (
        "t OK\n"
        "\n"
        "s Sent from my Galaxy\n"
        "\n"
        "q -------- Original message --------\n"
        "q From: Support <support@example.com>\n"
        "q Date: 24/11/2026 10:00 (GMT+00:00)\n"
        "q To: Ann <ann@example.com>\n"
        "q Subject: Your order\n"
        "\n"
        "q Shall we ship?"
    ),
    "an iPad": ("t 写真を送ります。\n\ns iPadから送信\n\nq > 2026/11/24 10:00、info@example.jpのメール:\nq >\nq > 写真をお願いします。"),
    "answers inline and a name below cheers": (
        "t Please see my answers inline.\n"
        "\n"
        "q On 24 Nov 2026 at 10:00, Support wrote:\n"
        "q > Which colour?\n"
        "t Blue.\n"
        "\n"
        "q > Which size?\n"
        "t Large, please. My phone is 03-1234-5678.\n"
        "\n"
        "t Cheers\n"
        "s Bob"
    ),
    "Gmail's date in Thunderbird's words": ("t 了解です\n\nq 2026年11月24日(火) 10:00 佐藤 <sato@example.jp> さんは書きました:\nq > 発送します。"),
    "slashes and a warning": (
        "t お見積りありがとうございます。\n"
        "t 発注書を添付いたします。\n"
        "\n"
        "s ///////////////////////////////\n"
        "s 株式会社 北海商会\n"
        "s 札幌支店 小林\n"
        "s sapporo@hokkai.example.jp\n"
        "s ///////////////////////////////\n"
        "\n"
        "s ※本メールは機密情報を含む場合があります。誤って受信された方は、破棄くださいますようお願いいたします。"
    ),
    "Outlook in French": (
        "t Bonjour,\n"
        "t merci pour votre aide.\n"
        "\n"
        "t Cordialement,\n"
        "s Jean Dupont\n"
        "\n"
        "q De : Support <support@example.com>\n"
        "q Envoyé : mardi 24 novembre 2026 10:00\n"
        "q À : Jean Dupont\n"
        "q Objet : RE: Commande\n"
        "\n"
        "q Votre commande est partie."
    ),
    "an order form with an address": (
        "t 【注文フォーム】\n"
        "t 商品：ドリル\n"
        "t 数量：2\n"
        "t 氏名：山田太郎\n"
        "t 住所：東京都港区芝公園4-2-8\n"
        "t 電話：03-1234-5678\n"
        "t メール：yamada@example.jp"
    ),
    "an agenda between rules": (
        "t 会議の議題です。\nt -----------------------\nt 1. 売上\nt 2. 在庫\nt -----------------------\nt よろしくお願いします。"
    ),
}
