"""Settings of the test suite: the same product, with a faster password hash."""

import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import DATABASES, LOGGING, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="furusato-static-"))
MEDIA_ROOT = Path(tempfile.gettempdir()) / "furusato-test-media"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The suite creates and drops databases: a pool would hold connections to them.
DATABASES["default"]["OPTIONS"].pop("pool", None)
# A test's transaction is one connection's: the operator's role is taken on it, not a login.
# The journeys run the product with all of its logins.
DATABASES["default"]["WALL"]["LOGINS"] = {}
CELERY_TASK_ALWAYS_EAGER = False
VIEWS_KEPT_SECONDS = 86_400  # tests count statements
VENUE_SECONDS = 0  # tests change what they have just read
LOGGING["root"]["level"] = "WARNING"
