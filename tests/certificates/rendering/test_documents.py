"""What the certificates and the poster say, and that machines and people can read it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from certificates.rendering.documents import (
    ActivityCertificate,
    render_activity_certificate,
    render_poster,
    render_registration_certificate,
    warm_up,
)
from certificates.rendering.glyphs import MissingGlyph
from tests.certificates.rendering.samples import (
    CHECK_IN_URL,
    VERIFY_URL,
    activity,
    poster,
    registration,
    rows,
)

MILLIMETRE = 72 / 25.4

ALL = {
    "a4": lambda: render_registration_certificate(registration()),
    "card": lambda: render_registration_certificate(registration(), "card"),
    "activity": lambda: render_activity_certificate(activity()),
    "poster": lambda: render_poster(poster()),
}


def _page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    return [
        (round(float(page.mediabox.width) / MILLIMETRE, 1),
         round(float(page.mediabox.height) / MILLIMETRE, 1))
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["a4", "card"])
def test_registration_certificate_says_who_is_registered_where(layout, text_of) -> None:
    text = text_of(render_registration_certificate(registration(), layout))
    for part in ("登録証", "𠮷田髙﨑", "ヨシダタカサキ", "宮城県気仙沼市", "042056-0000-1234",
                 "ベーシック", "令和8年11月23日(月)"):  # fmt: skip
        assert part in text.replace("（", "(").replace("）", ")")


@pytest.mark.parametrize("layout", ["a4", "card"])
def test_long_stay_is_shown_only_to_those_who_have_it(layout, text_of) -> None:
    with_mark = render_registration_certificate(registration(long_stay=True), layout)
    without = render_registration_certificate(registration(), layout)
    assert "長期滞在者" in text_of(with_mark)
    assert "長期滞在者" not in text_of(without)


def test_activity_certificate_lists_rows_and_totals(text_of) -> None:
    text = text_of(render_activity_certificate(activity(6)))
    for part in ("活動証明書", "𠮷田髙﨑", "海岸の清掃と松の植え付け", "岐阜県飛騨市", "大谷海岸",
                 "古川町営農組合", "16.5時間", "6回", "A-2026-000123"):  # fmt: skip
        assert part in text
    assert text.count("○") == 3 + 1  # three designated rows, and the note


METHODS = ("会場の二次元コード", "事後入力")


def with_methods(count: int, **changes: str) -> ActivityCertificate:
    """How each was recorded, two ways in turn."""
    marked = tuple(
        replace(row, method=METHODS[number % 2], **changes)
        for number, row in enumerate(rows(count))
    )
    return activity(count, rows=marked)


@pytest.mark.parametrize("count", [6, 60])
def test_activity_certificate_says_how_each_was_recorded(count: int, text_of) -> None:
    """Densely printed too; one issued before this was written says nothing."""
    text = text_of(render_activity_certificate(with_methods(count)))
    assert text.count("事後入力") == text.count("会場の二次元コード") == count // 2
    assert "事後入力" not in text_of(render_activity_certificate(activity(count)))


@pytest.mark.parametrize(
    "document",
    [activity(60), with_methods(60), with_methods(60, date="令和10年12月28日")],
    ids=["before methods were written", "with methods", "the longest dates"],
)
def test_sixty_rows_take_two_pages_with_the_head_on_both(document: ActivityCertificate) -> None:
    pages = PdfReader(io.BytesIO(render_activity_certificate(document))).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 2
    assert all("参加した日" in text for text in texts)
    assert [f"{number}/2ページ" in text for number, text in enumerate(texts, 1)] == [True, True]
    assert sum(text.count(document.rows[0].date[:7]) for text in texts) == 60


@pytest.mark.parametrize("count", [6, 60])
def test_nothing_on_an_activity_certificate_is_smaller_than_eight_and_a_half_points(
    count: int,
) -> None:
    sizes = set()

    def see(text: str, page: list[float], line: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(line[3]) * abs(page[3]), 2))

    for page in PdfReader(io.BytesIO(render_activity_certificate(with_methods(count)))).pages:
        page.extract_text(visitor_text=see)
    assert min(sizes) == 8.5


@pytest.mark.parametrize("count", [1, 6, 20, 60])
def test_the_code_is_read_from_the_first_page_however_long_the_list(
    count: int, scan: Callable[..., str]
) -> None:
    assert scan(render_activity_certificate(with_methods(count)), dpi=150) == VERIFY_URL


def test_poster_tells_what_to_do_in_two_languages(text_of) -> None:
    text = text_of(render_poster(poster()))
    for part in ("大谷海岸の清掃と松の植え付け", "午前9時から正午まで", "道の駅前ひろば",
                 "0226-22-6600",
                 "午前8時30分から午後1時まで", "二次元コードに向けます", "Tapthelink"):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(
    ("kind", "url"),
    [("a4", VERIFY_URL), ("card", VERIFY_URL), ("activity", VERIFY_URL), ("poster", CHECK_IN_URL)],
)
def test_the_code_leads_to_its_address(kind: str, url: str, scan: Callable[..., str]) -> None:
    assert scan(ALL[kind](), dpi=300 if kind == "card" else 150) == url


def test_the_poster_is_read_from_three_metres(scan: Callable[..., str]) -> None:
    # A phone's 12-megapixel camera sees A4 at 3 m as some 240 × 340 pixels: about 29 dpi.
    # The code has 49 modules on 13 cm, three pixels each.
    assert scan(render_poster(poster()), dpi=29) == CHECK_IN_URL


@pytest.mark.parametrize(
    ("kind", "size"),
    [("a4", (210, 297)), ("card", (85.6, 54)), ("activity", (210, 297)), ("poster", (210, 297))],
)
def test_each_document_is_one_page_of_its_size(kind: str, size: tuple[float, float]) -> None:
    assert _page_sizes(ALL[kind]()) == [size]


@pytest.mark.parametrize("kind", ALL)
def test_each_document_is_small(kind: str) -> None:
    assert len(ALL[kind]()) <= 60 * 1024


@pytest.mark.parametrize("kind", ALL)
def test_only_our_fonts_as_embedded_truetype_subsets(kind: str) -> None:
    fonts = [
        font.get_object()
        for page in PdfReader(io.BytesIO(ALL[kind]())).pages
        for font in page["/Resources"]["/Font"].get_object().values()
    ]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object()
        assert descendant["/Subtype"] == "/CIDFontType2"  # TrueType outlines
        assert "/FontFile2" in descendant["/FontDescriptor"]
        tag, name = str(font["/BaseFont"]).lstrip("/").split("+")
        assert len(tag) == 6
        assert name.startswith(("BIZ-UDPGothic", "Noto-Sans-JP"))


@pytest.mark.parametrize("kind", ALL)
def test_documents_are_tagged_and_name_their_language_and_author(kind: str) -> None:
    reader = PdfReader(io.BytesIO(ALL[kind]()))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "ja"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert reader.metadata.author == "ふるさと住民登録プラットフォーム"
    assert reader.metadata.title
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()


def test_markup_in_a_name_is_printed_as_text(text_of) -> None:
    name = '<b>花子</b><img src="https://example.com/x.png">'
    assert name.replace(" ", "") in text_of(
        render_registration_certificate(registration(resident_name=name))
    )


def test_markup_in_a_row_is_printed_as_text(text_of) -> None:
    text = text_of(render_activity_certificate(activity(2, resident_name="<script>&amp;")))
    assert "<script>&amp;" in text


def test_long_names_are_printed_whole(text_of) -> None:
    name = "アレクサンドラマリアフェルナンデスデラクルスオリヴェイラ"
    for layout in ("a4", "card"):
        text = text_of(render_registration_certificate(registration(resident_name=name), layout))
        assert name in text


@pytest.mark.parametrize("field", ["resident_name", "kind", "municipality"])
def test_a_character_without_glyph_refuses_the_certificate(field: str) -> None:
    with pytest.raises(MissingGlyph) as refusal:
        render_registration_certificate(registration(**{field: "花\U00030edd子\U0001f30a"}))
    assert refusal.value.characters == "\U00030edd\U0001f30a"


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="a5"):
        render_registration_certificate(registration(), "a5")  # type: ignore[arg-type]


def test_warming_up_can_be_repeated() -> None:
    warm_up()
    warm_up()
