"""A broker that nobody reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kombu.exceptions import OperationalError

from config.celery import app
from notifications.tasks import deliver

NOBODY = "redis://127.0.0.1:1/0"


@contextmanager
def no_broker() -> Iterator[None]:
    """Nothing can be handed to a worker meanwhile.

    The settings are read once a process: it is the app's own configuration that counts.
    """
    conf = app.conf
    usual, transport = conf.broker_url, conf.broker_transport
    conf.broker_transport = None
    conf.broker_url = conf.broker_write_url = NOBODY
    app._after_fork()  # connections that are open already
    try:
        with pytest.raises(OperationalError):
            deliver.apply_async(retry=False)
        yield
    finally:
        conf.broker_url = conf.broker_write_url = usual
        conf.broker_transport = transport
        app._after_fork()
