"""The demo's canned responses, Japanese and English."""

from store.domain.ids import TemplateKey
from store.domain.template import Template

SIGNED_JA = "\n\n今後ともよろしくお願いいたします。\n\nみどり金物店 お客様窓口\n担当:{{agent}}\n"
SIGNED_EN = "\n\nBest regards,\n{{agent}}\nMidori Hardware Support\n"

TEMPLATES: tuple[Template, ...] = (
    Template(
        TemplateKey("ja/受付のお返事"),
        "受付のお返事(つなぎ)",
        "{{customer|お客様}} 様\n\nお問い合わせいただきありがとうございます。\n内容を確認し、本日中に改めてご連絡いたします。(受付番号 #{{number}})"
        + SIGNED_JA,
    ),
    Template(
        TemplateKey("ja/発送のご案内"),
        "発送のご案内",
        "{{customer}} 様\n\nお待たせいたしました。ご注文の品を本日発送いたしました。\nお届けまで1〜2日お待ちくださいませ。" + SIGNED_JA,
    ),
    Template(
        TemplateKey("ja/お詫びと交換"),
        "お詫びと交換品の発送",
        "{{customer}} 様\n\nこの度はご迷惑をおかけし、誠に申し訳ございません。\n交換品を本日発送いたします。お手元の品は、交換品と引き換えに配送員へお渡しください。送料は当店が負担いたします。"
        + SIGNED_JA,
    ),
    Template(
        TemplateKey("ja/返品の手順"),
        "返品の手順",
        "{{customer}} 様\n\n返品を承ります。未開封の品を、到着後14日以内に着払いでお送りください。\n到着を確認後、3営業日以内にご返金いたします。"
        + SIGNED_JA,
    ),
    Template(
        TemplateKey("ja/在庫のお返事"),
        "在庫のお返事",
        "{{customer}} 様\n\nお問い合わせの品は在庫がございます。{{日付}}中にご注文いただければ、翌営業日に発送いたします。" + SIGNED_JA,
    ),
    Template(
        TemplateKey("en/first-answer"),
        "First answer",
        "Dear {{customer|customer}},\n\nthank you for writing to us. We are looking into it and will come back to you today (#{{number}})."
        + SIGNED_EN,
    ),
    Template(
        TemplateKey("en/replacement"),
        "Sorry, replacement on its way",
        "Dear {{customer}},\n\nwe are sorry for the trouble. A replacement leaves our warehouse today, free of charge." + SIGNED_EN,
    ),
    Template(
        TemplateKey("en/refund"),
        "Refund",
        "Dear {{customer}},\n\nyour refund was made on {{date}}. Depending on your bank it shows on your card within five working days." + SIGNED_EN,
    ),
)
