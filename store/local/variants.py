"""Two forms of one ideograph: a customer writes 髙橋 or 斉藤, an agent types 高橋 or 斎藤, and means the same.

Pairs, the folded form behind the other: forms of names first, then the forms before the reform of 1946 beside today's. Where one of today's
characters stands for several old ones (弁) all of them fold to it. NFKC folds the compatibility ideographs (神, 福) already.
"""

_PAIRS = (
    # Names.
    "髙高﨑崎嵜崎齋斎齊斎斉斎邊辺邉辺濱浜濵浜澤沢廣広嶋島嶌島櫻桜瀧滝惠恵德徳榮栄條条眞真舘館冨富峯峰槇槙曾曽桒桑𠮷吉𣘺橋渕淵渊淵靏鶴靍鶴冲沖凉涼栁柳栢柏圡土埜野"
    "寬寛凛凜壷壺煕熙淸清靜静彥彦穗穂祢禰桧檜薮藪芦蘆巖巌鐵鉄衞衛龍竜龜亀彌弥與与萬万圓円國国"
    # Old and new, by sound.
    "亞亜惡悪壓圧圍囲爲為壹壱隱隠營営驛駅鹽塩緣縁豔艶應応歐欧毆殴奧奥橫横溫温穩穏假仮價価畫画會会囘回壞壊懷懐繪絵擴拡殼殻覺覚學学嶽岳樂楽勸勧卷巻寳宝寶宝歡歓罐缶觀観"
    "關関陷陥顏顔巢巣歸帰氣気旣既僞偽戲戯犧犠舊旧據拠擧挙虛虚峽峡挾挟狹狭鄕郷曉暁區区驅駆勳勲薰薫徑径惠恵溪渓經経繼継莖茎螢蛍輕軽鷄鶏藝芸缺欠縣県儉倹劍剣險険圈圏檢検獻献權権"
    "顯顕驗験嚴厳效効恆恒黃黄鑛鉱號号濟済碎砕齋斎劑剤棧桟蠶蚕慘惨贊賛殘残絲糸齒歯兒児辭辞濕湿實実舍舎寫写釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙稱称證証奬奨燒焼剩剰"
    "疊畳乘乗淨浄狀状繩縄壤壌孃嬢讓譲釀醸觸触囑嘱寢寝愼慎盡尽圖図粹粋醉酔隨随髓髄數数樞枢瀨瀬聲声攝摂竊窃專専戰戦淺浅潛潜錢銭踐践纖繊禪禅雙双壯壮爭争莊荘搜捜插挿裝装總総騷騒"
    "增増臟臓藏蔵屬属續続墮堕對対體体帶帯滯滞臺台擇択擔担單単膽胆團団斷断彈弾遲遅癡痴蟲虫晝昼鑄鋳廳庁聽聴鎭鎮遞逓點点轉転傳伝燈灯當当黨党盜盗稻稲鬪闘讀読獨独屆届貳弐惱悩腦脳"
    "廢廃拜拝賣売麥麦發発髮髪拔抜蠻蛮祕秘佛仏拂払竝並變変辨弁辯弁瓣弁豐豊沒没飜翻每毎滿満默黙譯訳藥薬豫予餘余譽誉搖揺樣様謠謡來来賴頼覽覧兩両獵猟綠緑壘塁勵励禮礼隸隷靈霊齡齢"
    "戀恋爐炉勞労樓楼錄録灣湾瑤瑶堯尭遙遥蠟蝋繫繋摑掴頰頬塡填剝剥嚙噛軀躯麴麹屛屏幷并醬醤蔣蒋顚顛禱祷瀆涜兔兎鶯鴬"
)  # fmt: skip

VARIANTS: dict[str, str] = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
"""Each other form, and the one it is folded to."""
