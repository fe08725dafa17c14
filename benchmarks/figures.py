"""Figures on screen: a table for people, one JSON object a line for programs."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value with its unit and how it came about."""

    bench: str
    figure: str
    value: float
    unit: str
    note: str


class Report:
    """Collects the figures of one benchmark and prints them.

    Bounds among them (`limit_…`, and those in the notes) are printed and not judged: the machine
    decides as much as the code, so a figure beyond its bound ends with exit status 0.
    """

    def __init__(self, bench: str, *, as_json: bool) -> None:
        self.bench = bench
        self.as_json = as_json
        self._figures: list[Figure] = []

    def add(self, figure: str, value: float, unit: str, note: str = "") -> None:
        made = Figure(self.bench, figure, round(value, 2), unit, note)
        self._figures.append(made)
        if self.as_json:
            print(json.dumps(asdict(made), ensure_ascii=False), flush=True)

    def close(self) -> None:
        if self.as_json:
            return
        width = max(len(f.figure) for f in self._figures)
        for f in self._figures:
            print(f"{f.figure:<{width}}  {f.value:>10,.2f} {f.unit:<8} {f.note}")
        print("Bounds are printed only: whether a figure keeps to its bound is for the reader.")


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: list[float]) -> float:
    return statistics.median(values)
