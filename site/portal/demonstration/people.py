"""Sixty invented residents whose name, furigana and address go together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from common.postal import lookup

COUNT = 60
_SEED = 20260401
# The last ones are written with letters that not every system keeps.
_FAMILIES = [
    ("佐藤", "サトウ", "sato"), ("鈴木", "スズキ", "suzuki"), ("高橋", "タカハシ", "takahashi"),
    ("田中", "タナカ", "tanaka"), ("伊藤", "イトウ", "ito"), ("渡辺", "ワタナベ", "watanabe"),
    ("山本", "ヤマモト", "yamamoto"), ("中村", "ナカムラ", "nakamura"),
    ("小林", "コバヤシ", "kobayashi"), ("加藤", "カトウ", "kato"), ("吉田", "ヨシダ", "yoshida"),
    ("山田", "ヤマダ", "yamada"), ("佐々木", "ササキ", "sasaki"), ("松本", "マツモト", "matsumoto"),
    ("井上", "イノウエ", "inoue"), ("木村", "キムラ", "kimura"), ("林", "ハヤシ", "hayashi"),
    ("清水", "シミズ", "shimizu"), ("𠮷野", "ヨシノ", "yoshino"), ("髙田", "タカダ", "takada"),
    ("山﨑", "ヤマザキ", "yamazaki"),
]  # fmt: skip
_GIVEN = [
    ("花子", "ハナコ", "hanako"), ("健一", "ケンイチ", "kenichi"), ("美咲", "ミサキ", "misaki"),
    ("大輔", "ダイスケ", "daisuke"), ("陽子", "ヨウコ", "yoko"), ("翔太", "ショウタ", "shota"),
    ("和子", "カズコ", "kazuko"), ("誠", "マコト", "makoto"), ("さくら", "サクラ", "sakura"),
    ("勇", "イサム", "isamu"), ("千尋", "チヒロ", "chihiro"), ("蓮", "レン", "ren"),
    ("恵", "メグミ", "megumi"), ("正雄", "マサオ", "masao"), ("葵", "アオイ", "aoi"),
]  # fmt: skip
# Postal codes of towns all over the country; the address is read from the postal table.
_POSTAL_CODES = [
    "1000005", "1500001", "1600022", "1710022", "2310023", "2600013", "3300846", "4600008",
    "5300001", "6008216", "6500021", "7300011", "8100001", "0600001", "9800811", "3700849",
    "4200857", "9208203", "7000023", "8920842",
]  # fmt: skip
_OLDEST, _YOUNGEST = 85, 19


@dataclass(frozen=True)
class Person:
    """One invented person; `email` is under a domain that belongs to nobody."""

    email: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    birth_date: date
    postal_code: str
    municipality_code: str
    address_line: str


def people(today: date) -> Iterator[Person]:
    """Always the same sixty, of every age; ages count from `today`."""
    dice = random.Random(_SEED)  # noqa: S311 - repeatable, not secret
    addresses = [(code, lookup(code)[0]) for code in _POSTAL_CODES if lookup(code)]
    seen: set[str] = set()
    while len(seen) < COUNT:
        family, given = dice.choice(_FAMILIES), dice.choice(_GIVEN)
        email = f"{family[2]}.{given[2]}@example.jp"
        if email in seen:
            continue
        seen.add(email)
        postal_code, address = addresses[len(seen) % len(addresses)]
        age_days = dice.randint(_YOUNGEST * 365 + 10, _OLDEST * 365)
        yield Person(
            email=email,
            family_name=family[0],
            given_name=given[0],
            family_kana=family[1],
            given_kana=given[1],
            birth_date=today - timedelta(days=age_days),
            postal_code=postal_code,
            municipality_code=address.municipality_code,
            address_line=f"{address.town}{dice.randint(1, 5)}丁目{dice.randint(1, 30)}番"
            f"{dice.randint(1, 20)}号",
        )
