"""The file: a gzipped tar, written and read as a stream, whose last members say what is in it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings

from common.refusal import Refused
from tenants.postgresql.names import schema_of

FORMAT = 1
MANIFEST, DIGEST = "manifest.json", "manifest.sha256"
MEDIA = "media"
_BLOCK = 1 << 20
_TABLE = re.compile(r"(schema|shared|referred|people)/[a-z0-9_]+\.copy")
_CODE = re.compile(r"[0-9]{6}")
# What a stream says that is cut off or was changed on the way.
_DAMAGE = (
    tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, NotADirectoryError,
    FileExistsError, IsADirectoryError,
)  # fmt: skip


@dataclass
class Manifest:
    """What the archive holds. `members`: name → sha256, size in bytes; of tables also
    columns, rows, sequences (column → [last value, whether it was used]) and personal."""

    code: str
    name: str
    moment: str
    migrations: dict[str, list[str]]
    content_types: dict[str, list[str]]
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def schema(self) -> str:
        return schema_of(self.code)

    @property
    def media(self) -> list[str]:
        """Paths of the uploads inside of the municipality's folder."""
        prefix = f"{MEDIA}/"
        return [name.removeprefix(prefix) for name in self.members if name.startswith(prefix)]

    def rows(self, part: str) -> int:
        """How many rows a part of the archive holds."""
        return sum(one["rows"] for name, one in self.members.items() if name.startswith(f"{part}/"))


class Writer:
    """An archive being written."""

    def __init__(self, tar: tarfile.TarFile, stamp: int) -> None:
        self._tar, self._stamp = tar, stamp

    def add(self, name: str, source: IO[bytes]) -> dict[str, Any]:
        """Add what is in `source`, a file, from its beginning; its digest and size."""
        source.seek(0, os.SEEK_END)
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = source.tell(), 0o600, self._stamp
        source.seek(0)
        reader = _Hashing(source)
        self._tar.addfile(member, reader)  # type: ignore[arg-type]  # asks for read alone
        return {"sha256": reader.digest.hexdigest(), "size": member.size}

    def add_text(self, name: str, text: str) -> None:
        """Add a short text."""
        self.add(name, io.BytesIO(text.encode()))

    def conclude(self, manifest: Manifest) -> None:
        """Add the manifest and its digest, which end an archive that is whole."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
        self.add_text(MANIFEST, text)
        self.add_text(DIGEST, hashlib.sha256(text.encode()).hexdigest())


class _Hashing:
    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self.digest.update(block)
        return block


@contextmanager
def written(path: Path, stamp: int) -> Iterator[Writer]:
    """An archive that is at `path` once the block has ended well; nobody else may read it.

    `stamp`: seconds since 1970, of every member. Raises `Refused("file_exists")`.
    """
    if path.exists():
        raise Refused("file_exists", path=str(path))
    beside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            # Without the name and the time, which would be in the header for everybody to see.
            with (
                gzip.GzipFile("", "wb", 6, file, mtime=0) as stream,
                tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                yield Writer(tar, stamp)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def unpack(path: Path, into: Path) -> Manifest:
    """Write the members into the folder `into`, which is empty, and compare their digests.

    Nothing but plain files under names that the platform gives is written. Raises
    `Refused("archive_damaged", why, member)` and `Refused("archive_of_another_format")`.
    """
    found: dict[str, str] = {}
    try:
        with gzip.open(path) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                _require_harmless(member)
                if member.name in found:
                    raise Refused("archive_damaged", why="twice", member=member.name)
                source = tar.extractfile(member)
                if source is None:
                    raise Refused("archive_damaged", why="not_a_file", member=member.name)
                found[member.name] = _unpack_one(source, into / member.name)
            while stream.read(_BLOCK):  # to the end, where gzip keeps its own sum
                pass
    except _DAMAGE as error:
        raise Refused("archive_damaged", why=type(error).__name__, member="") from None
    manifest = _manifest(found, into)
    expected = {name: one["sha256"] for name, one in manifest.members.items()}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise Refused("archive_damaged", why="digest", member=name)
    return manifest


def _require_harmless(member: tarfile.TarInfo) -> None:
    """A name with `..` or a link would write outside of the folder it is unpacked into."""
    name = member.name
    parts = PurePosixPath(name).parts
    is_media = (
        parts[:1] == (MEDIA,)
        and len(parts) > 1
        and name == "/".join(parts)
        and not {"..", "."} & set(parts)
        and not set("\\\0") & set(name)
    )
    if not (is_media or _TABLE.fullmatch(name) or name in (MANIFEST, DIGEST)):
        raise Refused("archive_damaged", why="name", member=name)
    if not member.isreg():
        raise Refused("archive_damaged", why="not_a_file", member=name)


def _unpack_one(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while block := source.read(_BLOCK):
            digest.update(block)
            file.write(block)
    if settings.FILE_UPLOAD_PERMISSIONS is not None:
        target.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    return digest.hexdigest()


def _manifest(found: dict[str, str], folder: Path) -> Manifest:
    digest, told = found.pop(MANIFEST, ""), found.pop(DIGEST, "")
    if not (digest and told):
        raise Refused("archive_damaged", why="missing", member=MANIFEST)
    if (folder / DIGEST).read_bytes() != digest.encode():
        raise Refused("archive_damaged", why="digest", member=MANIFEST)
    try:
        values = json.loads((folder / MANIFEST).read_bytes())
        if values["format"] != FORMAT:
            raise Refused("archive_of_another_format", format=values["format"], known=FORMAT)
        manifest = Manifest(**values)
    except (ValueError, KeyError, TypeError):
        raise Refused("archive_damaged", why="not_readable", member=MANIFEST) from None
    if not _CODE.fullmatch(manifest.code):
        raise Refused("archive_damaged", why="code", member=MANIFEST)
    return manifest
