import pytest
from django.conf import settings


@pytest.fixture
def token_keys(monkeypatch):
    """Set TOKEN_KEYS for one test: `token_keys((2, b"new"), (1, b"old"))`."""

    def put(*keys):
        monkeypatch.setattr(settings, "TOKEN_KEYS", list(keys))

    put((1, b"first secret"))
    return put
