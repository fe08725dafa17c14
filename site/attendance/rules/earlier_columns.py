"""The columns of a list of participations (R20), and which of a file's they are.

They are those that the ministry's form of 27 March 2026 implies: the activity, when and where it
took place, and what is needed to find the participant later. Any order, any of the usual headings;
what a heading means staff confirm on the mapper's screen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from common.text import normalise_name
from tenants.rules.bulk import Column as Described

_TITLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, example and note of the sample form, the longest text it takes, and
    other headings it is known by. `needed` columns must be in every file."""

    described: Described
    longest: int
    others: tuple[str, ...] = ()
    needed: bool = False

    @property
    def name(self) -> str:
        return self.described.field

    @property
    def heading(self) -> str:
        return self.described.heading

    @property
    def known_as(self) -> tuple[str, ...]:
        return (self.heading, *self.others)


COLUMNS = (
    Column(
        Described("activity", "活動名", "内湾の清掃活動", "必須。担い手活動の名前です。"),
        255,
        (
            "担い手活動名",
            "担い手活動",
            "活動の名称",
            "プロジェクト名",
            "事業名",
            "イベント名",
            "行事名",
            "行事",
            "催し名",
            "催し物名",
            "催事名",
            "取組名",
            "取り組み名",
            "作業名",
            "プログラム名",
        ),  # fmt: skip
        needed=True,
    ),
    Column(
        Described("organiser", "実施団体", "内湾まちづくり協議会", "自治体が実施した場合は空欄。"),
        120,
        ("主催", "主催者", "主催団体", "団体名", "実施主体", "実施者", "活動団体"),
    ),
    Column(
        Described(
            "held_on",
            "活動日",
            "令和8年4月12日",
            "必須。2026/4/12、令和8年4月12日、R8.4.12のどの書き方でも構いません。",
        ),
        40,
        (
            "実施日",
            "開催日",
            "参加日",
            "日付",
            "年月日",
            "活動年月日",
            "実施年月日",
            "日時",
            "月日",
            "日程",
        ),  # fmt: skip
        needed=True,
    ),
    Column(
        Described(
            "starts",
            "開始時刻",
            "9:00",
            "開始時刻と終了時刻の両方、または活動時間のどちらかを必ず入力してください。",
        ),
        40,
        ("開始", "開始時間", "活動開始", "時間帯", "活動時間帯", "時刻"),
    ),
    Column(
        Described("ends", "終了時刻", "12:00", "開始時刻と同じ日の時刻です。"),
        40,
        ("終了", "終了時間", "活動終了"),
    ),
    Column(
        Described("hours", "活動時間", "3", "時間数です。3、3.5、3時間30分のように入力します。"),
        40,
        ("時間数", "活動時間数", "従事時間", "参加時間"),
    ),
    Column(
        Described("place", "活動場所", "内湾地区", "会場や地区の名前です。"),
        200,
        ("場所", "実施場所", "開催場所", "会場", "活動地"),
    ),
    Column(
        Described("name", "参加者氏名", "記入例 太郎", "必須。姓と名の間の空白は任意。"),
        90,
        ("氏名", "名前", "参加者名", "参加者", "お名前", "姓", "氏", "苗字"),
        needed=True,
    ),
    Column(
        Described("given_name", "名", "", "氏名を2列に分けている場合だけ使います。"),
        40,
        ("名のみ", "下の名前"),
    ),
    Column(
        Described("kana", "フリガナ", "キニュウレイ タロウ", "ひらがなでも構いません。"),
        130,
        ("ふりがな", "氏名カナ", "カナ氏名", "参加者フリガナ", "読み", "カナ", "セイ", "姓カナ"),
    ),
    Column(
        Described("given_kana", "メイ", "", "フリガナを2列に分けている場合だけ使います。"),
        60,
        ("名カナ", "名フリガナ"),
    ),
    Column(
        Described(
            "birth_date",
            "生年月日",
            "昭和38年4月2日",
            "登録した方と照合します。生年月日か電話番号のどちらかを必ず入力してください。",
        ),
        40,
        ("誕生日", "出生年月日"),
    ),
    Column(
        Described("phone", "電話番号", "090-0000-0000", "登録した方と照合します。"),
        40,
        ("電話", "連絡先電話番号", "携帯電話", "携帯番号", "連絡先", "TEL", "携帯"),
    ),
    Column(
        Described("email", "メールアドレス", "", "任意です。"),
        254,
        ("メール", "Eメール", "E-mail", "Email", "電子メール"),
    ),
    Column(
        Described("address", "住所", "", "任意です。引換コードの郵送に使えます。"),
        300,
        ("現住所", "居住地", "住所地", "参加者住所"),
    ),
    Column(
        Described("ground", "指定の根拠", "令和8年4月1日 企画課決裁", "任意。指定の文書番号など。"),
        200,
        ("根拠", "指定根拠", "担い手活動の指定", "指定"),
    ),
    Column(
        Described("note", "備考", "", "任意です。"),
        400,
        ("メモ", "摘要", "特記事項"),
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
NAMES = tuple(BY_NAME)
NEEDED = tuple(column.name for column in COLUMNS if column.needed)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it was read: its headings, and the filled rows below, each with its number in
    the file. Cells are texts; one that cannot be read has a mark (`FORMULA`, `CELL_ERROR`) in
    front."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def signature(self) -> str:
        """The same for every file with these headings in this order."""
        tidy = "\n".join(_tidy(heading) for heading in self.headings)
        return hashlib.sha256(tidy.encode()).hexdigest()


# Characters that no text of a cell begins with: control characters are taken out of it.
FORMULA, CELL_ERROR = "\x01", "\x02"

Places = dict[str, int]
"""Which column of the file (from 0) each of ours is."""


def _tidy(heading: str) -> str:
    """A heading without its remarks: 参加者氏名（必須） is 参加者氏名."""
    plain = re.sub(r"[(\[【※].*", "", normalise_name(heading).replace(" ", ""))
    return plain.strip("*:・")


_KNOWN = {_tidy(text).casefold(): column.name for column in COLUMNS for text in column.known_as}


def guess(headings: Sequence[str]) -> Places:
    """Which of ours each heading is likely to be: one that is known, else one that contains a
    known one. Each of ours is found once at most, from the left."""
    found: Places = {}
    tidy = [_tidy(heading).casefold() for heading in headings]
    for place, heading in enumerate(tidy):
        if (name := _KNOWN.get(heading)) and name not in found:
            found[name] = place
    taken = set(found.values())
    for place, heading in enumerate(tidy):
        if place in taken or not heading:
            continue
        alike = [text for text in _KNOWN if len(text) > 1 and text in heading]
        for text in sorted(alike, key=len, reverse=True):
            if _KNOWN[text] not in found:
                found[_KNOWN[text]] = place
                break
    return found


def find_headings(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows (from 0) holds the headings: titles and remarks may stand above."""
    scores = [len(guess(row)) for row in rows[:_TITLE_ROWS]]
    return max(range(len(scores)), key=lambda at: scores[at], default=0)


def faults_of_places(places: Places) -> dict[str, str]:
    """What is wrong with a choice of columns, `{name: code}`: `missing` or `chosen_twice`."""
    faults = {name: "missing" for name in NEEDED if name not in places}
    for name, place in places.items():
        if list(places.values()).count(place) > 1:
            faults[name] = "chosen_twice"
    for pair in (("starts", "hours"), ("birth_date", "phone")):
        if not any(name in places for name in pair):
            faults[pair[0]] = "one_of_two"
    return faults
