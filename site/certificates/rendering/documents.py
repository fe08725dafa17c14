"""The documents: registration certificate (A4 or card), activity certificate, poster.

All texts arrive as they are to be printed (dates as 令和8年11月23日（月）). Whatever is printed
passes `glyphs.printable`: escaped, and refused with `MissingGlyph` rather than drawn as an
empty box.
The documents are Japanese records with English beneath, so they are not translated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, NamedTuple

from certificates.rendering.glyphs import FALLBACK_FONT, TEXT_FONT, coverage, printable
from certificates.rendering.ornament import waves
from common.qr import qr_svg

AUTHOR = "ふるさと住民登録プラットフォーム"

# A longer list is set closer, one line a row where the text allows: 60 rows, two pages.
DENSE_FROM = 20

Layout = Literal["a4", "card"]


@dataclass(frozen=True)
class RegistrationCertificate:
    """登録証: that someone is a registered hometown resident of one municipality."""

    municipality: str  # full name, 宮城県気仙沼市
    prefecture: str  # 宮城県
    resident_name: str
    resident_kana: str
    number: str
    registered_on: str
    kind: str  # the names are provisional (R29), so the one in force arrives as text
    verify_url: str
    issued_on: str
    long_stay: bool = False  # R12: shown where the municipality has it
    premium_until: str = ""  # the last day of premium; "" of a basic registration


@dataclass(frozen=True)
class ActivityRow:
    """One participation. `date` without the weekday, for which a row has no room; `hours` as
    printed: "3", "2.5"."""

    municipality: str
    activity_title: str
    date: str
    hours: str
    place: str
    organiser: str
    designated: bool
    method: str = ""  # how it was recorded, in words


@dataclass(frozen=True)
class ActivityCertificate:
    """活動証明書: what the ledger holds of one resident, row by row, with totals."""

    resident_name: str
    rows: tuple[ActivityRow, ...]
    total_count: int
    total_hours: str
    number: str
    verify_url: str
    issued_on: str


class Step(NamedTuple):
    """One step of checking in, in plain Japanese and in English."""

    japanese: str
    english: str


CHECK_IN_STEPS = (
    Step(
        "スマートフォンのカメラを、二次元コードに向けます。",
        "Point your phone's camera at the code.",
    ),
    Step("画面に出た文字（リンク）を押します。", "Tap the link that appears."),
    Step(
        "「参加を記録しました」と出たら、できあがりです。",
        "Done when it says your visit is recorded.",
    ),
)


@dataclass(frozen=True)
class CheckInPoster:
    """The sheet at the venue that records participation (R19); read from three metres away."""

    municipality: str
    activity_title: str
    session_date: str
    session_time: str
    place: str
    check_in_url: str  # in capitals the code has fewer, larger modules
    day_code: str  # six digits for whoever cannot scan, typed at `day_code_url`
    day_code_url: str
    contact: str
    window: str  # when the code is accepted: 午前8時30分から午後1時まで
    steps: tuple[Step, ...] = CHECK_IN_STEPS


@dataclass(frozen=True)
class CounterSheet:
    """登録のお知らせ: what staff entered for a person, and the code that makes it their own.

    `claim_code` is in groups, 7K2M-9QXD-4TBH; `prefecture` is "" where none is registered with.
    """

    municipality: str
    prefecture: str
    resident_name: str
    resident_kana: str
    number: str
    birth_date: str
    address: str
    phone: str
    entered_on: str
    claim_code: str
    claim_url: str
    valid_until: str


def render_registration_certificate(doc: RegistrationCertificate, layout: Layout = "a4") -> bytes:
    """One page: A4, or a card of 85.6 × 54 mm. Raises `MissingGlyph`, `ValueError` for a layout."""
    if layout not in ("a4", "card"):
        raise ValueError(f"No such layout: {layout}")
    values = _printable(doc) | {
        "qr": qr_svg(doc.verify_url, "M", label="登録を確認するための二次元コード"),
        "name_size": _size(doc.resident_name, roomy=12, tight=20),
        "municipality_size": _size(doc.municipality, roomy=10, tight=14),
        "waves": waves(16, 3),
    }
    return _print(f"registration_{layout}.html", values, f"registration_{layout}.css")


def render_activity_certificate(doc: ActivityCertificate) -> bytes:
    """A4, as many pages as the rows need, the table's head on each. Raises `MissingGlyph`."""
    values = _printable(doc) | {
        "qr": qr_svg(doc.verify_url, "M", label="証明書を確認するための二次元コード"),
        "name_size": _size(doc.resident_name, roomy=14, tight=22),
        "dense": len(doc.rows) > DENSE_FROM,
    }
    return _print("activity.html", values, "activity.css")


def render_poster(doc: CheckInPoster) -> bytes:
    """One A4 page; code and quiet zone take 12 cm. Raises `MissingGlyph`."""
    values = _printable(doc) | {
        "qr": qr_svg(doc.check_in_url, "M", label="参加を記録するための二次元コード"),
        "title_size": _size(doc.activity_title, roomy=14, tight=30),
    }
    return _print("poster.html", values, "poster.css")


def render_counter_sheet(doc: CounterSheet) -> bytes:
    """One A4 page to hand over at the counter. Raises `MissingGlyph`."""
    values = _printable(doc) | {
        "qr": qr_svg(doc.claim_url, "M", label="登録の引き継ぎを始めるための二次元コード"),
        "name_size": _size(doc.resident_name, roomy=12, tight=20),
    }
    return _print("counter.html", values, "counter.css")


def warm_up() -> None:
    """Load fonts, styles and templates once, so that the first resident doesn't wait for it.

    For a worker's start. Takes one to two seconds; a second call takes some hundred milliseconds.
    """
    coverage(TEXT_FONT), coverage(FALLBACK_FONT)
    sample = RegistrationCertificate(
        "宮城県気仙沼市", "宮城県", "𠮷田 花子", "ヨシダ ハナコ", "0", "令和8年4月1日（水）",
        "ベーシック", "https://example.jp/", "令和8年4月1日（水）",
    )  # fmt: skip
    render_registration_certificate(sample)
    render_registration_certificate(sample, "card")
    render_activity_certificate(
        ActivityCertificate("花子", (), 0, "0", "0", "https://example.jp/", "")
    )


def _print(sheet: str, values: dict[str, Any], style: str) -> bytes:
    # WeasyPrint takes a second to load, which every command of Django's would wait for.
    from certificates.rendering.press import fill, print_pdf

    return print_pdf(fill(sheet, values | {"author": AUTHOR}), ("common.css", style))


def _printable(value: Any) -> Any:
    """A dataclass or tuple with every text and number made printable; flags as they are."""
    if is_dataclass(value):
        return {field.name: _printable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Step):
        return {"japanese": printable(value.japanese), "english": printable(value.english)}
    if isinstance(value, tuple):
        return [_printable(item) for item in value]
    return value if isinstance(value, bool) else printable(value)


def _size(text: str, *, roomy: int, tight: int) -> str:
    """The class that keeps a long name inside its place: no name is ever cut off."""
    if len(text) <= roomy:
        return "roomy"
    return "tight" if len(text) <= tight else "tiny"
