"""Characters that only one carrier or one company had, as Shift_JIS carries them: docomo's pictures as emoji, all others as 〓."""

import re

UNKNOWN = "〓"
"""What Japanese print has always set for a character it has no type for."""

_PRIVATE = re.compile("[\ue000-\ue757\uf8f0-\uf8f3]")
"""Where cp932 keeps the user-defined rows F040 to F9FC, and four bytes that are no characters."""

_FIRST = 0xE63E
_DOCOMO = (
    "☀ ☁ ☔ ⛄ ⚡ 🌀 🌁 🌂 ♈ ♉ ♊ ♋ ♌ ♍ ♎ ♏ ♐ ♑ ♒ ♓ 🎽 ⚾ ⛳ 🎾 ⚽ 🎿 🏀 🏁 📟 🚃 Ⓜ 🚄"
    " 🚗 🚙 🚌 🚢 ✈ 🏠 🏢 🏣 🏥 🏦 🏧 🏨 🏪 ⛽ 🅿 🚥 🚻 🍴 ☕ 🍸 🍺 🍔 👠 ✂ 🎤 🎥 ↗ 🎠 🎧 🎨 🎩 🎪"
    " 🎫 🚬 🚭 📷 👜 📖 🎀 🎁 🎂 ☎ 📱 📝 📺 🎮 💿 ♥ ♠ ♦ ♣ 👀 👂 ✊ ✌ ✋ ↘ ↖ 👣 👟 👓 ♿ 🌑 🌔"
    " 🌓 🌙 🌕 🐶 🐱 ⛵ 🎄 ↙"
)
_LATER_AT = 0xE6CE
_LATER = (
    "📲 📩 📠 〓 〓 ✉ 〓 〓 ¥ 🆓 🆔 🔑 ↩ 🆑 🔍 🆕 🚩 🆓 #️⃣ 〓 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣ 8️⃣ 9️⃣ 0️⃣ ❤ 💓"
    " 💔 💕 😃 😠 😞 😖 😵 ⤴ 🎵 ♨ 💠 💋 ✨ 💡 💢 👊 💣 🎶 ⤵ 💤 ❗ ⁉ ‼ 💥 💦 💧 💨 〰 ➰ 🆗 〓 〓"
    " 👕 👛 💄 👖 🏂 🔔 🚪 💰 💻 💌 🔧 ✏ 👑 💍 ⏳ 🚲 🍵 ⌚ 😔 😌 😅 😓 😡 😒 😍 👍 😜 😉 😆 😣 😏 😭"
    " 😢 🆖 📎 © ™ 🏃 ㊙ ♻ ® ⚠ 🈲 🈳 🈴 🈵 ↔ ↕ 🏫 🌊 🗻 🍀 🍒 🌷 🍌 🍎 🌱 🍁 🌸 🍙 🍰 🍶 🍜 🍞"
    " 🐌 🐤 🐧 🐟 😋 😁 🐴 🐷 🍷 😱"
)
_EMOJI = {start + number: emoji for start, row in ((_FIRST, _DOCOMO), (_LATER_AT, _LATER)) for number, emoji in enumerate(row.split(" "))}


def shown(text: str) -> str:
    """Text out of Shift_JIS with what was private in it made readable."""
    return _PRIVATE.sub(lambda found: _EMOJI.get(ord(found[0]), UNKNOWN if found[0] < "\uf8f0" else "\ufffd"), text)
