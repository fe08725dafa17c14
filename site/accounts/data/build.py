"""Make countries.csv from langs/ja.json and langs/en.json of npm's i18n-iso-countries (MIT).

    python -m accounts.data.build path/to/langs

One row for each country or area of ISO 3166-1, and Kosovo (XK), in the order of the Japanese
reading: code, Japanese name, English name. Names are the short ones that people look for.
"""

import csv
import json
import sys
from pathlib import Path

TARGET = Path(__file__).with_name("countries.csv")
# Long or outdated in the source.
JAPANESE = {
    "BN": "ブルネイ",
    "BO": "ボリビア",
    "CN": "中国",
    "FK": "フォークランド諸島",
    "IR": "イラン",
    "KP": "北朝鮮",
    "KR": "韓国",
    "LA": "ラオス",
    "MD": "モルドバ",
    "RU": "ロシア",
    "SY": "シリア",
    "SZ": "エスワティニ",
    "VE": "ベネズエラ",
}
ENGLISH = {
    "BN": "Brunei",
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Côte d'Ivoire",
    "CN": "China",
    "CZ": "Czechia",
    "FK": "Falkland Islands",
    "FM": "Micronesia",
    "GM": "The Gambia",
    "IR": "Iran",
    "KR": "South Korea",
    "LA": "Laos",
    "MD": "Moldova",
    "MK": "North Macedonia",
    "PN": "Pitcairn Islands",
    "PS": "Palestine",
    "RE": "Réunion",
    "RU": "Russia",
    "SY": "Syria",
    "TW": "Taiwan",
    "TZ": "Tanzania",
    "VA": "Vatican City",
    "VG": "British Virgin Islands",
    "VI": "United States Virgin Islands",
}
# How names that begin with a kanji are read, as far as their place in the list asks for it.
READINGS = {
    "中国": "チュウゴク",
    "中央": "チュウオウ",
    "北朝鮮": "キタチョウセン",
    "北": "キタ",
    "南極": "ナンキョク",
    "南": "ミナミ",
    "台湾": "タイワン",
    "合衆国": "ガッシュウコク",
    "日本": "ニホン",
    "東": "ヒガシ",
    "西": "ニシ",
    "赤道": "セキドウ",
    "韓国": "カンコク",
    "香港": "ホンコン",
}


def reading(name: str) -> str:
    """What `name` is sorted by."""
    for kanji, kana in READINGS.items():
        if name.startswith(kanji):
            return kana + name.removeprefix(kanji)
    return name


def main(folder: Path) -> None:
    japanese = json.loads((folder / "ja.json").read_text(encoding="utf-8"))["countries"]
    english = json.loads((folder / "en.json").read_text(encoding="utf-8"))["countries"]
    rows = [
        (code, JAPANESE.get(code, name), ENGLISH.get(code, _first(english[code])))
        for code, name in japanese.items()
    ]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "ja", "en"))
        for row in sorted(rows, key=_place):
            writer.writerow(row)


def _place(row: tuple[str, str, str]) -> str:
    return reading(row[1])


def _first(names: str | list[str]) -> str:
    return names if isinstance(names, str) else names[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
