"""What the demo's colleagues and customers say."""

from mailsync.demo.stories import Story

COMMENTS_JA = (
    "倉庫に確認しました。在庫はあります。",
    "このお客様、先月も同じお問い合わせがありました。",
    "@{human} これ、お願いしてもいいですか?",
    "メーカーに電話中です。10分ほどで分かります。",
    "送料はこちら負担で大丈夫、と店長が言っています。",
    "@{human} 返信前に見積の金額だけ確認してください。",
    "配送会社に照会済み。明日の午前中に着くそうです。",
)
COMMENTS_EN = (
    "Checked with the warehouse: we have it.",
    "Same customer as last week, please be extra kind.",
    "@{human} could you have a look at this one?",
    "Waiting for the carrier to call me back.",
    "I'd offer express shipping for free here.",
)
REPLIES_JA = (
    "お問い合わせいただきありがとうございます。\nご連絡の件、担当部署に確認のうえ、本日中に改めてご連絡いたします。\nお待たせして申し訳ございませんが、今しばらくお待ちくださいませ。",
    "平素よりお引き立ていただき、ありがとうございます。\nご希望の内容にて承りました。手配が整い次第、発送のご案内をお送りいたします。",
    "ご不便をおかけし、誠に申し訳ございません。\n代わりの品を本日発送いたします。お手元の品は着払いにてご返送くださいますようお願いいたします。",
)
ORDER_REPLY = "ご注文いただきありがとうございます。\n内容を確認いたしました。2営業日以内に発送いたしますので、今しばらくお待ちください。"
REPLIES_EN = (
    "thank you for writing to us. I have checked with our warehouse and will get back to you with the details today.",
    "I am sorry for the trouble. A replacement leaves our warehouse today by express, free of charge.",
    "thank you, that is noted. You will get a confirmation by mail within the hour.",
)
AGAIN_JA = (
    "たびたび失礼します。先ほどの件ですが、できれば今日中にお返事をいただけると助かります。",
    "先ほどのメールに書き忘れました。受け取りは平日の夕方を希望します。",
    "すみません、注文番号を間違えておりました。正しくは末尾が 7 です。",
)
AGAIN_EN = (
    "Sorry, one more thing: could you leave the parcel with the neighbours if I am out?",
    "I forgot to say: it is a bit urgent, we need it by Friday.",
)
THANKS_JA = (
    "早速のご返信ありがとうございました。助かりました。",
    "ご対応ありがとうございます。届くのを楽しみにしております。",
    "ありがとうございます。もう一点、領収書も同封していただけますか?",
)
THANKS_EN = ("Thank you for the quick answer!", "Great, thanks. Could you also send me the invoice?")

NEW_MAIL: tuple[Story, ...] = (
    Story("野口 明 <akira.noguchi@example.com>", "蛇口の水漏れ 合うパッキンはどれですか", 0, "台所の蛇口から水が漏れています。型番は K-87 です。\n合うパッキンと、自分で交換できるかどうか教えてください。"),
    Story("Sophie Martin <sophie.martin@example.org>", "Can I pick up my order today?", 0, "Hi,\n\nmy order M-20433 says 'packed'. Can I pick it up at the shop today before six?\n\nSophie"),
    Story("千葉 孝 <chiba@chiba-koumuten.example.jp>", "【大至急】誤配送です", 0, "本日届いた荷物が、別の会社様宛のものでした。\n職人が待っております。至急、正しい商品をお届けください。\n\n千葉工務店 千葉", "iso-2022-jp"),
    Story("西田 美穂 <miho.nishida@example.net>", "レビューの特典について", 0, "レビューを書くと100円引きクーポンがもらえるとのことでしたが、まだ届いておりません。"),
    Story("Oscar Reed <oscar.reed@example.com>", "Broken handle on new hammer", 0, "The handle of the hammer I got yesterday split on the third nail. Not what I expected at this price."),
    Story("福田 勝 <m.fukuda@example.org>", "年末の営業について", 0, "年末は何日まで営業されますか。大掃除の道具をまとめて買いに行きたいです。", "shift_jis"),
    Story("河野 幸子 <sachiko.kono@example.com>", "説明書に書いてある部品が入っていません", 0, "組立棚を作り始めたのですが、ネジBが4本足りません。\n途中まで組んでしまって床に広げたままです。早めに送っていただけませんか。"),
    Story("Mia Chen <mia.chen@example.net>", "Wholesale account", 0, "Hello, we run three maker spaces and would like to open a wholesale account. What do you need from us?"),
    Story("丸山 徹 <maruyama@example.org>", "修理の見積はまだですか", 0, "先週お預けした丸のこの修理見積をお待ちしております。状況をお知らせください。"),
    Story("今井 玲奈 <rena.imai@example.com>", "素敵なお店ですね", 0, "先日初めて伺いました。店員さんがとても親切で、釘1本から相談に乗ってくださり感動しました。また伺います!"),
)  # fmt: skip
"""What comes in while the desk is open, one after the other."""
