"""The words people make passwords of when they do not think, English and Japanese; few, for those dressed up with digits are found by the rules."""

_LINES = (
    "password passwort motdepasse contrasena senha wachtwoord parola haslo mypassword password1 password12 password123 password1234 pass",
    "passw passwd letmein welcome welcomehome admin administrator root toor login guest master master123 superuser sysadmin default changeme",
    "changeit changethis temporary temppass secret topsecret mysecret supersecret trustno1 iloveyou iloveu ilovejesus loveyou mylove",
    "sunshine princess princessa monkey dragon football baseball basketball superman batman starwars pokemon whatever jesus christ ninja",
    "mustang shadow ashley bailey michael jennifer jordan michelle daniel jessica charlie thomas computer internet server database network",
    "windows microsoft google facebook twitter apple iphone android samsung office outlook support helpdesk service info information contact",
    "sales mail email postmaster webmaster company business summer winter spring autumn january february march april june july august",
    "september october november december monday tuesday wednesday thursday friday saturday sunday madoguchi mado desk team customer inbox",
    "mailbox qwerty qwertz azerty qwertyui qwertyuiop asdfgh asdfghjk asdfghjkl zxcvbn zxcvbnm qweasd qweasdzxc qazwsx qazwsxedc 1qaz2wsx",
    "1qazxsw2 zaq12wsx q1w2e3r4 q1w2e3r4t5 1q2w3e 1q2w3e4r 1q2w3e4r5t abc123 abcd1234 abcdef abcdefg abcdefgh a1b2c3 a1b2c3d4 a1b2c3d4e5",
    "aaaaaa test tester testing testtest testuser demo sample example hello helloworld goodbye goodmorning konnichiwa ohayou arigatou",
    "arigato sayonara sakura nippon nihon japan tokyo osaka kyoto yokohama nagoya sapporo fukuoka hanako taro tarou yamada suzuki satou sato",
    "tanaka watanabe takahashi doraemon pikachu totoro anpanman naruto onepiece dragonball gundam hellokitty kawaii daisuki aishiteru",
    "aishiteiru himitsu pasuwado パスワード ぱすわーど ひみつ 秘密 さくら 管理者 correcthorsebatterystaple 000000 111111",
    "112233 121212 123123 123321 123456",
    "1234567 12345678 123456789 1234567890 0123456789 0987654321 987654321 9876543210 654321 666666 777777 888888 999999 11111111 88888888",
    "12341234 1111111111 123123123 1234512345 7777777 131313",
)

COMMON = frozenset(word for line in _LINES for word in line.split())
"""In small letters, as they are compared."""
