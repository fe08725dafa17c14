"""The broker of plain files: what a worker takes is whole."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from queue import Empty

from kombu import Connection

from config.celery import app

MESSAGES = 2_000


def test_a_message_that_is_being_written_is_not_taken_half(tmp_path: Path) -> None:
    """With kombu's own transport the reader below soon takes an empty message."""
    transport = app.connection_for_write().transport_cls
    assert transport == "config.broker:Transport"
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }

    def write() -> None:
        with Connection("filesystem://", transport=transport, transport_options=options) as way:
            channel = way.channel()
            for number in range(MESSAGES):
                channel._put("work", {"number": number, "filling": "x" * 500})

    writer = multiprocessing.get_context("fork").Process(target=write)
    taken = set()
    with Connection("filesystem://", transport=transport, transport_options=options) as way:
        channel = way.channel()
        writer.start()
        while writer.is_alive() or list(tmp_path.glob("*.msg")):
            try:
                taken.add(channel._get("work")["number"])
            except Empty:
                continue
    writer.join()
    assert taken == set(range(MESSAGES))
    assert not list(tmp_path.glob("*.part"))
