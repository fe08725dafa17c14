"""Japanese words for searching.

PostgreSQL cuts words at spaces, which Japanese has none of: its own search finds nothing in
Japanese text. SudachiPy cuts the text and gives each word its normal form, so that 草刈り,
草刈 and 草かり are one word.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache
from typing import Any

# Particles, auxiliaries, marks and spaces carry nothing a person searches for.
_LEFT_OUT = {"助詞", "助動詞", "補助記号", "空白", "記号"}
_QUERY_SIGNS = re.compile(r"[\s'&|!():*<>\\]+")
# A tokeniser is not safe to share between threads; its dictionary is.
_local = threading.local()


@cache
def _dictionary() -> Any:
    import sudachipy  # the dictionary takes 100 MB: only processes that search load it

    return sudachipy.Dictionary(dict="core"), sudachipy.SplitMode.A


def _tokeniser() -> Any:
    if not hasattr(_local, "tokeniser"):
        dictionary, mode = _dictionary()
        _local.tokeniser = dictionary.tokenizer(mode=mode)
    return _local.tokeniser


def words_of(text: str) -> list[str]:
    """The words of `text` in their normal form, in order, without what carries no meaning."""
    found = []
    for morpheme in _tokeniser().tokenize(unicodedata.normalize("NFKC", text)):
        if morpheme.part_of_speech()[0] in _LEFT_OUT:
            continue
        word = _QUERY_SIGNS.sub("", morpheme.normalized_form().lower())
        if word:
            found.append(word)
    return found
