"""The product's own settings, pool and all; files go to the benchmark's data folder."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, LOGGING

LOGGING["root"]["level"] = "WARNING"  # every page that is made would say so
if os.environ.get("BENCHMARK_WITHOUT_WALL"):
    DATABASES["default"]["WALL"]["KEY"] = b""  # nothing is signed, no role is taken
