"""A registration certificate as PDF: the first in a process, and a warm one.

Measures `certificates.rendering` alone, without database and queue: layout, fonts, QR and
compression of one A4 page in Japanese. Comparable with WeasyPrint's stock way (a new
`FontConfiguration` and style sheet each time), which is measured beside it in the same
process as `stock_ms` where it can be.
"""

from __future__ import annotations

import resource
import time

from benchmarks.figures import Report, median

ROUNDS = 20


def measure(report: Report, seconds: float) -> None:
    from certificates.rendering.samples import registration_certificate

    from certificates.rendering.documents import render_registration_certificate

    started = time.perf_counter()
    pdf = render_registration_certificate(registration_certificate(0))
    report.add("first_ms", (time.perf_counter() - started) * 1000, "ms", "first in the process")
    times = []
    for number in range(1, ROUNDS + 1):
        document = registration_certificate(number)
        started = time.perf_counter()
        pdf = render_registration_certificate(document)
        times.append((time.perf_counter() - started) * 1000)
    report.add("warm_ms", median(times), "ms", f"median of {ROUNDS}")
    report.add("kb", len(pdf) / 1024, "KiB", "A4")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.add("peak_mb", peak, "MiB", "resident set of the process")
