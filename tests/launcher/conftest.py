"""A cluster in a folder that the account which runs PostgreSQL can reach."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.postgres import Cluster, binaries_for, place_for
from launcher.unprivileged import account_for_postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """pytest's own tmp_path is closed to other accounts."""
    path = Path(tempfile.mkdtemp(prefix="launcher-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def make_cluster(folder: Path) -> Callable[..., Cluster]:
    def make(home: Path | None = None, **options: bool) -> Cluster:
        account = account_for_postgres()
        place = home or place_for(folder, account)
        return Cluster(place, account, binaries_for(account), **options)

    return make
