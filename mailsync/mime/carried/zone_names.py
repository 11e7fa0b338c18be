"""Names of time zones, of the IANA and of Windows, with the rule that holds today; for calendars that bring no rule of their own."""

import re
from typing import NamedTuple


class Summer(NamedTuple):
    """When summer time begins and ends: month, which Sunday (-1 the last), hour. `in_utc`: the hour is of UTC, else of the local clock."""

    start: tuple[int, int, int]
    end: tuple[int, int, int]
    in_utc: bool = False


class Zone(NamedTuple):
    """Minutes east of UTC in winter, and its summer time."""

    minutes: int
    summer: Summer | None = None


_EUROPE = Summer((3, -1, 1), (10, -1, 1), in_utc=True)
_AMERICA = Summer((3, 2, 2), (11, 1, 2))
_AUSTRALIA = Summer((10, 1, 2), (4, 1, 3))
_NEW_ZEALAND = Summer((9, -1, 2), (4, 1, 3))

_NAMES: dict[Zone, str] = {
    Zone(540): "Asia/Tokyo|Japan|Tokyo Standard Time|Asia/Seoul|Korea Standard Time|JST|KST|Asia/Pyongyang|Yakutsk Standard Time",
    Zone(780): "Pacific/Tongatapu|Tonga Standard Time|Pacific/Apia|Samoa Standard Time",
    Zone(720): "Pacific/Fiji|Fiji Standard Time|Asia/Kamchatka|Russia Time Zone 11",
    Zone(
        660
    ): "Pacific/Guadalcanal|Central Pacific Standard Time|Pacific/Noumea|Asia/Magadan|Magadan Standard Time|Asia/Sakhalin|Sakhalin Standard Time",
    Zone(480): (
        "Asia/Shanghai|Asia/Hong_Kong|Asia/Taipei|Asia/Singapore|Asia/Manila|Asia/Kuala_Lumpur|Asia/Macau|Australia/Perth|Asia/Makassar|PRC|"
        "China Standard Time|Taipei Standard Time|Singapore Standard Time|W. Australia Standard Time|Hongkong|Singapore|HKT|SGT|Asia/Chongqing|"
        "Asia/Brunei|Asia/Ulaanbaatar|Ulaanbaatar Standard Time|Asia/Irkutsk|North Asia East Standard Time"
    ),
    Zone(420): "Asia/Bangkok|Asia/Ho_Chi_Minh|Asia/Saigon|Asia/Jakarta|SE Asia Standard Time|ICT|North Asia Standard Time|"
    "Asia/Phnom_Penh|Asia/Vientiane|Asia/Novosibirsk|N. Central Asia Standard Time|Asia/Krasnoyarsk",
    Zone(390): "Asia/Yangon|Asia/Rangoon|Myanmar Standard Time",
    Zone(345): "Asia/Kathmandu|Asia/Katmandu|Nepal Standard Time",
    Zone(330): "Asia/Kolkata|Asia/Calcutta|India Standard Time|IST|Asia/Colombo|Sri Lanka Standard Time",
    Zone(360): "Asia/Dhaka|Bangladesh Standard Time|Central Asia Standard Time",
    Zone(300): "Asia/Karachi|Pakistan Standard Time|Asia/Tashkent|West Asia Standard Time|Asia/Almaty|Asia/Yekaterinburg|"
    "Ekaterinburg Standard Time|Indian/Maldives",
    Zone(270): "Asia/Kabul|Afghanistan Standard Time",
    Zone(210): "Asia/Tehran|Iran Standard Time|Iran",
    Zone(240): "Asia/Dubai|Arabian Standard Time|Asia/Baku|Georgian Standard Time|Caucasus Standard Time",
    Zone(180): (
        "Europe/Moscow|Russian Standard Time|MSK|Europe/Istanbul|Turkey Standard Time|Asia/Riyadh|Arab Standard Time|Africa/Nairobi|"
        "E. Africa Standard Time|Asia/Baghdad|Arabic Standard Time|Asia/Qatar|Asia/Kuwait|Europe/Minsk|Belarus Standard Time"
    ),
    Zone(120): "Africa/Johannesburg|South Africa Standard Time|Africa/Maputo|SAST|Libya Standard Time|Kaliningrad Standard Time",
    Zone(60): "Africa/Lagos|W. Central Africa Standard Time|Africa/Algiers",
    Zone(0): (
        "UTC|GMT|Etc/UTC|Etc/GMT|Z|Zulu|Greenwich Standard Time|Coordinated Universal Time|Universal|Africa/Accra|Atlantic/Reykjavik|"
        "tzone://Microsoft/Utc"
    ),
    Zone(600): "Australia/Brisbane|E. Australia Standard Time|Pacific/Guam|West Pacific Standard Time|Vladivostok Standard Time",
    Zone(570): "Australia/Darwin|AUS Central Standard Time",
    Zone(-180): "America/Sao_Paulo|E. South America Standard Time|America/Argentina/Buenos_Aires|Argentina Standard Time|BRT",
    Zone(-240): "SA Western Standard Time|America/La_Paz|America/Caracas|Venezuela Standard Time|America/Manaus|America/Puerto_Rico",
    Zone(-300): "America/Bogota|America/Lima|SA Pacific Standard Time|America/Panama|EST",
    Zone(-360): "America/Mexico_City|Central Standard Time (Mexico)|America/Costa_Rica|Central America Standard Time|Canada Central Standard Time",
    Zone(-420): "America/Phoenix|US Mountain Standard Time|MST",
    Zone(-600): "Pacific/Honolulu|Hawaiian Standard Time|HST|US/Hawaii",
    Zone(0, _EUROPE): "Europe/London|Europe/Dublin|Europe/Lisbon|GMT Standard Time|GB|WET|Atlantic/Canary",
    Zone(60, _EUROPE): (
        "Europe/Berlin|Europe/Paris|Europe/Madrid|Europe/Rome|Europe/Amsterdam|Europe/Brussels|Europe/Vienna|Europe/Zurich|Europe/Stockholm|"
        "Europe/Oslo|Europe/Copenhagen|Europe/Prague|Europe/Budapest|Europe/Warsaw|Europe/Belgrade|Europe/Luxembourg|CET|MET|"
        "W. Europe Standard Time|Central Europe Standard Time|Romance Standard Time|Central European Standard Time"
    ),
    Zone(120, _EUROPE): (
        "Europe/Athens|Europe/Helsinki|Europe/Kiev|Europe/Kyiv|Europe/Bucharest|Europe/Sofia|Europe/Riga|Europe/Tallinn|Europe/Vilnius|EET|"
        "FLE Standard Time|GTB Standard Time|E. Europe Standard Time"
    ),
    Zone(-300, _AMERICA): "America/New_York|America/Toronto|America/Detroit|US/Eastern|EST5EDT|Eastern Standard Time|US Eastern Standard Time",
    Zone(-360, _AMERICA): "America/Chicago|America/Winnipeg|US/Central|CST6CDT|Central Standard Time",
    Zone(-420, _AMERICA): "America/Denver|America/Edmonton|US/Mountain|MST7MDT|Mountain Standard Time",
    Zone(-480, _AMERICA): "America/Los_Angeles|America/Vancouver|US/Pacific|PST8PDT|Pacific Standard Time|America/Tijuana",
    Zone(-540, _AMERICA): "America/Anchorage|US/Alaska|Alaskan Standard Time",
    Zone(-240, _AMERICA): "America/Halifax|Atlantic Standard Time",
    Zone(-210, _AMERICA): "America/St_Johns|Newfoundland Standard Time",
    Zone(
        600, _AUSTRALIA
    ): "Australia/Sydney|Australia/Melbourne|Australia/Canberra|AUS Eastern Standard Time|Australia/Hobart|Tasmania Standard Time",
    Zone(570, _AUSTRALIA): "Australia/Adelaide|Cen. Australia Standard Time",
    Zone(720, _NEW_ZEALAND): "Pacific/Auckland|New Zealand Standard Time|NZ",
}
_ZONES = {name.lower(): zone for zone, names in _NAMES.items() for name in names.split("|")}
_JAPAN = ("東京", "tokyo", "日本標準時", "japan standard time")
"""In whatever programs show in their lists of zones, and some write as the name of one: `(UTC+09:00) 大阪、札幌、東京`."""
_OFFSET = re.compile(r"(etc/|\()?(?:utc|gmt) ?([+-])(\d{1,2})(?:[:.]?(\d\d))?(\).*)?")
_NO_SUMMER = range(300, 541)
"""Minutes east of UTC where no country puts its clocks forward."""


def zone_named(name: str) -> Zone | None:
    """The zone of that name; None when it is not in the table. A path before it (`/citadel.org/20070227_1/Asia/Tokyo`) is read over."""
    key = name.strip().strip('"').lower()
    found = _ZONES.get(key)
    if found is None and key.count("/") > 1:
        found = _ZONES.get("/".join(key.split("/")[-2:]))
    if found is None and any(each in key for each in _JAPAN):
        return Zone(540)
    return _by_offset(key) if found is None else found


def _by_offset(key: str) -> Zone | None:
    """`GMT+09:00`, `UTC-3`, `Etc/GMT-9`, whose sign is the other way round, and Windows' `(UTC+08:00) …` where that says all."""
    stated = _OFFSET.fullmatch(key)
    if stated is None:
        return None
    minutes = int(stated[3]) * 60 + int(stated[4] or 0)
    minutes = -minutes if (stated[2] == "-") != (stated[1] == "etc/") else minutes
    shown = stated[1] == "(" or bool(stated[5])
    return Zone(minutes) if abs(minutes) <= 14 * 60 and (not shown or minutes in _NO_SUMMER) else None
