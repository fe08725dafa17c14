import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.file_names import LONGEST, clean_file_name


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("要項.pdf", "要項.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\要項.pdf", "要項.pdf"),
        ("要項\u202efdp.exe", "要項fdp.exe"),  # it showed as 要項exe.pdf
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ('"><script>alert(1)</script>.pdf', "script_.pdf"),
        ("\u200b.pdf", "file.pdf"),
        ("...", "file"),
        ("", "file"),
        ("  年 度\u3000計画 .xlsx", "年 度 計画.xlsx"),
    ],
)
def test_a_name_says_what_the_file_is(given_name, clean):
    assert clean_file_name(given_name) == clean


def test_a_long_name_keeps_its_ending():
    clean = clean_file_name("あ" * 300 + ".docx")
    assert len(clean) == LONGEST
    assert clean.endswith("あ.docx")


@given(st.text(max_size=300))
def test_every_name_is_short_and_clean_and_stays_so(name):
    clean = clean_file_name(name)
    assert 0 < len(clean) <= LONGEST
    assert not set(clean) & set("/\\\0\r\n\u202e<>\"'")
    assert clean_file_name(clean) == clean
