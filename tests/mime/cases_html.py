"""HTML mail as a reader would copy it onto paper."""

from tests.mime.mails import Case, mail


def page(html: str) -> bytes:
    """A mail of one HTML part."""
    return mail(b"Content-Type: text/html; charset=utf-8\r\n", html.encode())


HTML_CASES: dict[str, tuple[str, str]] = {
    "a plain text that calls itself a page": ("お名前: 山田\n電話: 03\n\nA &amp; B < 3", "お名前: 山田\n電話: 03\n\nA & B < 3"),
    "bullets, arrows and smiles in Wingdings": (
        (
            "<p class=MsoListParagraph><span style='font-family:Wingdings'>l<span style='font:7.0pt \"Times New Roman\"'>&nbsp; </span></span>見積書</p>"
            "<p class=MsoNormal>A <font face=Wingdings>à</font> B <span style='font-family: \"Wingdings\"'>J</span> l J à</p>"
        ),
        "●  見積書\nA → B ☺ l J à",
    ),
    "the parts of a picture lead somewhere": (
        "<img src=a usemap='#m' alt='一覧'><map name=m><area href='https://x.example/men' alt='メンズ'><area href='https://x.example/women'></map>",
        "[一覧] [メンズ][1] [2]\n\n[1] https://x.example/men\n[2] https://x.example/women",
    ),
    "powers and feet": ("<p>12m<sup>2</sup>、10<sup>-3</sup>、1<sup>st</sup>、価格<sup>※1</sup>", "12m²、10⁻³、1st、価格※1"),
    "struck out by a style": ("<p><span style='text-decoration:line-through'>10,000円</span> 8,000円", "~10,000円~ 8,000円"),
    "a ruled table of Word with a cell of two paragraphs": (
        (
            "<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>品名</p></td><td><p class=MsoNormal>数量</p></td></tr>"
            "<tr><td><p class=MsoNormal>ドリル</p><p class=MsoNormal>(充電式)</p></td><td><p class=MsoNormal>2</p></td></tr></table>"
        ),
        "品名            | 数量\nドリル (充電式) |    2",
    ),
    "an order without headers, a number below a name": (
        "<table><tr><td>商品<td>数量<td>金額<tr><td>ドリル<br>D-100<td>1<td>9,800円<tr><td>刃<td>2<td>500円</table>",
        "商品         | 数量 |    金額\nドリル D-100 |    1 | 9,800円\n刃           |    2 |   500円",
    ),
    "a list in a list and in none of its items": ("<ul><li>a</li><ul><li>b</li><ol><li>c</li></ol></ul><li>d</li></ul>", "- a\n  - b\n    1. c\n- d"),
    "a signature of Gmail with its own dashes": (
        "<div>text</div><span class=gmail_signature_prefix>-- </span><br><div class=gmail_signature>山田</div>",
        "text\n--\n山田",
    ),
    # tables
    "a data table with Japanese columns": (
        "<table><tr><th>品名<th>数量<th>金額</tr><tr><td>電動ドリル<td>2<td>19,600円</tr><tr><td>木ねじ<td>100<td>980円</tr></table>",
        "品名       | 数量 |     金額\n電動ドリル |    2 | 19,600円\n木ねじ     |  100 |    980円",
    ),
    "a data table without headers": ("<table><tr><td>Name<td>Ann</tr><tr><td>City<td>Kyoto</tr></table>", "Name | Ann\nCity | Kyoto"),
    "a table with an empty column": ("<table><tr><td>a<td><td>b</tr><tr><td>c<td>&nbsp;<td>d</tr></table>", "a | b\nc | d"),
    "a cell over two rows": (
        "<table><tr><th>区分<th>品名</tr><tr><td rowspan=2>工具<td>ドリル</tr><tr><td>レンチ</tr></table>",
        "区分 | 品名\n工具 | ドリル\n     | レンチ",
    ),
    "a cell over two columns": ("<table><tr><th colspan=2>見積<th>円</tr><tr><td>a<td>b<td>10</tr></table>", "見積 |   | 円\na    | b | 10"),
    "a table too wide to stand straight": (
        "<table><tr><th>a<th>b</tr><tr><td>" + "x" * 50 + "<td>" + "y" * 50 + "</tr></table>",
        "a | b\n" + "x" * 50 + " | " + "y" * 50,
    ),
    "a layout table in a layout table": (
        "<table><tr><td><table><tr><td><h1>見出し</h1><p>本文です。</p></td></tr></table></td></tr><tr><td>フッター</td></tr></table>",
        "# 見出し\n\n本文です。\nフッター",
    ),
    "an order in a layout table": (
        "<table><tr><td><p>ご注文内容</p><table><tr><td>ドリル<td>1<td>9,800円</tr><tr><td>送料<td><td>500円</tr></table></td></tr></table>",
        "ご注文内容\n\nドリル | 1 | 9,800円\n送料   |   |   500円",
    ),
    "a table with a caption": ("<table><caption>Prices</caption><tr><td>a<td>1</tr><tr><td>b<td>2</tr></table>", "Prices\na | 1\nb | 2"),
    "a picture beside a text": ("<table><tr><td><img src=a.png><td><p>one</p><p>two</p></tr></table>", "one\n\ntwo"),
    # lists
    "a list in a list": ("<ul><li>one<ul><li>two<li>three</ul><li>four</ul>", "- one\n  - two\n  - three\n- four"),
    "a list that starts at five": ("<ol start=5><li>a<li>b</ol>", "5. a\n6. b"),
    "a list of letters and of Roman numbers": (
        "<ol type=a><li>x<li>y</ol><ol type=I><li>x<li>y<li>z<li>w</ol>",
        "a. x\nb. y\n\nI. x\nII. y\nIII. z\nIV. w",
    ),
    "a list counted down, and one with a number of its own": (
        "<ol reversed start=3><li>c<li>b</ol><ol><li>a<li value=7>g<li>h</ol>",
        "3. c\n2. b\n\n1. a\n7. g\n8. h",
    ),
    "a list item of two paragraphs": ("<ul><li><p>one</p><p>two</p></li></ul>", "- one\n\n  two"),
    # links
    "links numbered, the list at the end": (
        '<p><a href="https://a.example/">A</a> and <a href="https://b.example/">B</a>, again <a href="https://a.example/">A</a></p>',
        "A[1] and B[2], again A[1]\n\n[1] https://a.example/\n[2] https://b.example/",
    ),
    "a link whose text is its address": ('<a href="https://example.jp/path/">https://example.jp/path</a>', "https://example.jp/path"),
    "a link whose text shows another host": (
        '<a href="https://evil.example/login">www.bank.example</a>',
        "www.bank.example[1 → evil.example]\n\n[1] https://evil.example/login",
    ),
    "a link to a part of the host it shows": (
        '<a href="https://click.shop.example/x">shop.example</a>',
        "shop.example[1]\n\n[1] https://click.shop.example/x",
    ),
    "an address that is another one": (
        '<a href="mailto:x@evil.example">info@bank.example</a>',
        "info@bank.example[1 → x@evil.example]\n\n[1] mailto:x@evil.example",
    ),
    "a link wrapped by Outlook is no deceit": (
        '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fa&data=1">shop.example/a</a>',
        "shop.example/a[1]\n\n[1] https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fa&data=1",
    ),
    "mail and telephone links": (
        '<a href="mailto:a@example.jp">お問い合わせ</a> <a href="tel:0312345678">03-1234-5678</a>',
        "お問い合わせ[1] 03-1234-5678[2]\n\n[1] mailto:a@example.jp\n[2] tel:0312345678",
    ),
    "scripts and data are no links": (
        '<a href="javascript:alert(1)">a</a> <a href="java\nscript:x">b</a> <a href="DATA:text/html,x">c</a> <a href="#top">d</a>',
        "a b c d",
    ),
    "a link with blanks in it": ('<a href=" https://a.example/x\n y ">go</a>', "go[1]\n\n[1] https://a.example/xy"),
    "a button that is a picture": ('<a href="https://a.example/"><img src="https://a.example/b.png"></a>', "[1]\n\n[1] https://a.example/"),
    "a linked logo": ('<a href="https://a.example/"><img alt="Shop" src=x></a>', "[Shop][1]\n\n[1] https://a.example/"),
    # emphasis and headings
    "bold, italic and struck out": ("<p>This is <b>very</b> <em>nice</em>, not <s>bad</s>.</p>", "This is *very* _nice_, not ~bad~."),
    "a whole paragraph in bold is only styled": ("<p><b>All of it is bold.</b></p>", "All of it is bold."),
    "bold blanks": ("<p>a<b> b </b>c<b></b></p>", "a *b* c"),
    "bold over two lines": ("<b>one<br>two</b>", "one\ntwo"),
    "a bold label": ("<p><b>納期:</b> 12月1日</p>", "*納期:* 12月1日"),
    "bold cut in two by an editor": ("<p>x <b>one</b><b>two</b> y</p>", "x *onetwo* y"),
    "headings": ("<h1>Title</h1><p>a</p><h2>Part</h2><p>b</p>", "# Title\n\na\n\n## Part\n\nb"),
    "a heading without a text": ("<h1><img src=x></h1><p>a</p>", "a"),
    "typed text": ("<pre>  if x:\n    y</pre><p>a  b</p>", "  if x:\n    y\n\na b"),
    "typed text by style": ('<div style="white-space: pre-wrap">a\n  b</div>', "a\n  b"),
    "a rule": ("<p>a</p><hr><p>b</p>", "a\n\n----\n\nb"),
    "ruby": ("<p><ruby>窓口<rp>(</rp><rt>まどぐち</rt><rp>)</rp></ruby>です</p>", "窓口(まどぐち)です"),
    # hidden
    "a preheader": ('<div style="display:none;max-height:0;overflow:hidden">preview&zwnj;&nbsp;&zwnj;&nbsp;</div><p>text</p>', "text"),
    "a preheader by a class": (
        "<style>.preheader { display: none !important; } @media (max-width:9px) { .x { display:none } }</style><div class=preheader>p</div><p class=x>text</p>",
        "text",
    ),
    "padding that nobody sees": ("<p>a&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;&#847;&zwnj;b</p>", "a b"),
    "hidden by class in other ways": (
        (
            "<style>.a{opacity:0}.b{max-height:0px;overflow:hidden}.c{position:absolute;left:-9999px}#d{height:0;overflow:hidden}</style>"
            "<p class=a>1</p><p class='x b'>2</p><div class=c>3</div><div id=d>4</div><p>text</p>"
        ),
        "text",
    ),
    "letters of no size by class": ("<style>.a{FONT-SIZE:0 !important}.b{font-size:1px}</style><p class=a>1</p><p class=b>2</p><p>text</p>", "text"),
    "columns that stand in a row without a size": (
        "<style>.row{font-size:0;text-align:center}.row .col{font-size:14px}</style><td class=row><div class=col>seen</div><b style='font-size:9px'>too</b></td>",
        "seen\ntoo",
    ),
    "paragraphs that have a size stand in a row without one": (
        "<style>p{font-size:14px}.row{font-size:0}</style><td class=row><p>seen</p></td>",
        "seen",
    ),
    "what appears after a moment": ("<style>.a{opacity:0;animation:in 1s forwards}</style><p class=a>seen</p>", "seen"),
    "styles that hide nothing": (
        (
            "<style>.a{opacity:0.9;overflow:hidden;max-height:none;left:-9px;font-size:0.9em}.b:hover{opacity:0}.b{visibility:visible}</style>"
            "<p class=a>one</p><p class=b>two</p>"
        ),
        "one\n\ntwo",
    ),
    "words for who runs no scripts": ("<script>x()</script><p>a</p><noscript><p>b</p></noscript>", "a\n\nb"),
    "white on white": ('<p>a<span style="color:#FFFFFF">secret words</span>b</p>', "ab"),
    "white on a coloured ground": ('<table><tr><td bgcolor="#003366"><span style="color:#fff">Buy now</span></td></tr></table>', "Buy now"),
    "white, and black again inside": ('<div style="color:white"><p style="color:#333">seen</p></div>', "seen"),
    "a font element in white": ('a<font color="white">b</font>c', "ac"),
    "no letter size around, one inside": (
        '<td style="font-size:0"><div style="font-size:0px"><p style="font-size:14px">seen</p>not</div></td>',
        "seen",
    ),
    "letters of one pixel": ('<span style="font-size:1px;line-height:1px">x</span>seen', "seen"),
    "for every program but Outlook": ("<!--[if mso]><p>only Outlook</p><![endif]--><![if !mso]><p>others</p><![endif]>", "others"),
    "a button hidden from Outlook only": (
        '<a style="mso-hide:all;display:inline-block" href="https://a.example">Pay</a>',
        "Pay[1]\n\n[1] https://a.example",
    ),
    "text off the page": ('<div style="position:absolute;left:-9999px">x</div>seen', "seen"),
    "a tracking picture": ('<img src="https://t.example/p.gif" width="1" height="1" alt="p">seen', "seen"),
    "what somebody typed into a form": ("<p>Message:<textarea>cancel\n my order</textarea>", "Message:cancel\n my order"),
    "scripts, forms and frames": ("<script>x</script><iframe>y</iframe><object>z</object><select><option>1</select>seen", "seen"),
    # spacing
    "Word's paragraphs are lines": (
        "<p class=MsoNormal>お世話になっております。<o:p></o:p></p><p class=MsoNormal>山田です。<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>以上<o:p></o:p></p>",
        "お世話になっております。\n山田です。\n\n以上",
    ),
    "paragraphs without a gap": ('<p style="margin:0">a</p><p style="margin:0 0 0 0">b</p>', "a\nb"),
    "a line an element": ("<div>a</div><div><br></div><div>b<br></div><div>c</div>", "a\n\nb\nc"),
    "many line ends": ("a<br><br><br><br>b", "a\n\nb"),
    "entities that are broken": ("a&nbspb &amp;lt; &#x3042; &unknown; &#xD800; 5 &lt 6", "a b &lt; あ &unknown; \ufffd 5 < 6"),
    "tags that are never closed": ("<p>a<b>b<i>c<p>d<div>e", "a*bc*\n\nd\n\ne"),
    "right to left": ('<div dir="rtl">שלום <b>עולם</b> 123</div>', "שלום *עולם* 123"),
    # quotes
    "a quotation of Gmail": (
        (
            '<div dir="ltr">はい。</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">2026年11月24日(火) 10:00 佐藤 &lt;<a href="mailto:s@example.jp">s@example.jp</a>&gt;:<br></div>'
            '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)"><div>青ですか。</div></blockquote></div>'
        ),
        "はい。\n\n2026年11月24日(火) 10:00 佐藤 <s@example.jp>:\n\n> 青ですか。",
    ),
    "a text indented in Gmail": ('<p>a</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px">b</blockquote>', "a\n\nb"),
    "the old mail in Outlook on the web": (
        '<div>はい。</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><b>差出人:</b> 佐藤<br><b>件名:</b> 色</div><div>青ですか。</div>',
        "はい。\n----\n\n> *差出人:* 佐藤\n> *件名:* 色\n> 青ですか。",
    ),
    "the old mail in Outlook": (
        (
            '<div class=WordSection1><p class=MsoNormal>Yes.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
            "<p class=MsoNormal><b>From:</b> Ann<br><b>Sent:</b> Monday</p></div></div><p class=MsoNormal>Blue?</p></div>"
        ),
        "Yes.\n\n> *From:* Ann\n> *Sent:* Monday\n> Blue?",
    ),
    "a quotation of Apple Mail": (
        '<div>yes</div><div><br><blockquote type="cite"><div>2026/11/24 10:00、佐藤 &lt;s@example.jp&gt;のメール:</div><br class="Apple-interchange-newline"><div>青？</div></blockquote></div>',
        "yes\n\n> 2026/11/24 10:00、佐藤 <s@example.jp>のメール:\n>\n> 青？",
    ),
    "a quotation of Yahoo!": (
        '<div>yes</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Tuesday, Ann wrote:</div><div>blue?</div></div>',
        "yes\n> On Tuesday, Ann wrote:\n> blue?",
    ),
    "a quotation of Thunderbird": (
        '<p>yes</p><div class="moz-cite-prefix">On 24/11/2026 10:00, Ann wrote:<br></div><blockquote type="cite" cite="mid:1"><p>blue?</p></blockquote>',
        "yes\n\nOn 24/11/2026 10:00, Ann wrote:\n\n> blue?",
    ),
    "quotations in each other": ("<blockquote type=cite>a<blockquote type=cite>b</blockquote></blockquote>", "> a\n>\n>> b"),
    "a signature of Gmail": ('<div>yes</div><div class="gmail_signature">Ann<br>Acme</div>', "yes\n--\nAnn\nAcme"),
    "a table in a quotation": ("<blockquote><table><tr><th>品<th>数</tr><tr><td>釘<td>9</tr></table></blockquote>", "> 品 | 数\n> 釘 |  9"),
}

CASES: dict[str, Case] = {name: (page(html), {"text": text}) for name, (html, text) in HTML_CASES.items()}
