"""A registration certificate as PDF: the first in a process, and a warm one.

Measures `certificates.rendering` alone, without database and queue: layout, fonts, QR code
and compression of one A4 page in Japanese. Each certificate has another name, number and
code. `first_ms` begins with nothing loaded but Python's modules.

Comparable with WeasyPrint's stock way, a font configuration and style sheets of its own for
each document, which is measured beside it as `stock_ms`: the same sheets and font files in
the same process. (Fonts named by `@font-face`, as its manual does, would be copied each time
on top.) `peak_mb` is of the whole process, read before the stock way adds to it.
"""

from __future__ import annotations

import argparse
import resource
import time

from benchmarks.figures import Report, median
from certificates.rendering import press
from certificates.rendering.documents import (
    RegistrationCertificate,
    render_registration_certificate,
)

ROUNDS = 20
STOCK_ROUNDS = 5
NAMES = ("𠮷田 髙﨑", "佐藤 花子", "鈴木 一郎", "高橋 美咲")


def measure(report: Report, options: argparse.Namespace) -> None:
    report.add("first_ms", _print(0)[0], "ms", "first in the process")
    warm = [_print(number) for number in range(1, ROUNDS + 1)]
    report.add("warm_ms", median([taken for taken, _size in warm]), "ms", f"median of {ROUNDS}")
    report.add("kb", max(size for _taken, size in warm) / 1024, "KiB", "A4, the largest")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.add("peak_mb", peak, "MiB", "resident set of the process")
    stock = [_print(number, stock=True)[0] for number in range(STOCK_ROUNDS)]
    report.add("stock_ms", median(stock), "ms", f"fonts and styles anew, median of {STOCK_ROUNDS}")


def _print(number: int, *, stock: bool = False) -> tuple[float, int]:
    """Milliseconds and bytes of one certificate."""
    document = RegistrationCertificate(
        municipality="宮城県気仙沼市",
        prefecture="宮城県",
        resident_name=NAMES[number % len(NAMES)],
        resident_kana="ヨシダ タカサキ",
        number=f"042056-0000-{number:04d}",
        registered_on="令和8年11月23日（月）",
        kind="ベーシック",
        verify_url=f"https://furusato.example.go.jp/v/7KQ2M4XW9PDT{number:04d}/",
        issued_on="令和8年12月1日（火）",
    )
    started = time.perf_counter()
    if stock:
        press._fonts.cache_clear()
        press._style.cache_clear()
    pdf = render_registration_certificate(document)
    return (time.perf_counter() - started) * 1000, len(pdf)
