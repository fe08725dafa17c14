"""Which files may be offered as documents: judged by what is in them, not only by their names.

The list of kinds is `WAGTAILDOCS_EXTENSIONS`. Whoever opens a document opens what its name says,
and nothing that runs.
"""

from __future__ import annotations

import io
import re
import zipfile

from common.refusal import Refused

MAX_UNPACKED = 200_000_000
_MAX_PARTS = 5_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The part without which a file is not of its kind.
_MAIN_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
# Programs inside of a document, in all the places where Office looks for them.
_PROGRAMS = re.compile(
    r"vba|macrosheet|/activex/|/ctrlprops/.*\.bin|\.(exe|dll|js|jse|vbs|vbe|hta|bat|cmd|scr|ps1|lnk)$",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\s*(!doctype|!--|\?xml|html|head|body|script|svg|iframe|object|embed|meta|style|link)\b|<!--",
    re.IGNORECASE,
)
# With the private signs as which cp932 reads the bytes that it does not know.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80\uf8f0-\uf8f3]")
_PDF_BEGINS = re.compile(rb"%PDF-[12]\.[0-9]")


def refuse_what_it_is_not(extension: str, content: bytes) -> None:
    """Raises `Refused`: `not_what_it_says`, `has_macros`, `locked` or `unpacks_too_big`.

    `extension` without its dot, in small letters, one of the list.
    """
    if extension == "pdf":
        _refuse_unless(_PDF_BEGINS.match(content) is not None and b"%%EOF" in content[-2048:])
    elif extension in _MAIN_PARTS:
        _office(extension, content)
    elif extension in {"csv", "txt"}:
        _text(content)
    else:
        raise Refused("not_what_it_says")


def _refuse_unless(condition: bool) -> None:
    if not condition:
        raise Refused("not_what_it_says")


def _office(extension: str, content: bytes) -> None:
    if content.startswith(_OLE):
        raise Refused("locked")
    _refuse_unless(content.startswith(b"PK\x03\x04"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            # zipfile never unpacks more of a part than its entry declares.
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Refused("unpacks_too_big")
            names = {part.filename for part in parts}
            kinds = packed.read("[Content_Types].xml")
            _refuse_unless(_MAIN_PARTS[extension] in names)
            _refuse_unless(bool(packed.read(_MAIN_PARTS[extension]).strip()))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise Refused("not_what_it_says") from None
    if b"macroenabled" in kinds.lower() or any(_PROGRAMS.search(name) for name in names):
        raise Refused("has_macros")


def _text(content: bytes) -> None:
    """UTF-8 or Shift_JIS, as Excel in Japan saves it; nothing that is not text, and no page."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused("not_what_it_says")
    _refuse_unless(_CONTROLS.search(text) is None)
    _refuse_unless(_MARKUP.search(text[:4096]) is None)
