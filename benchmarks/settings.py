"""The product's own settings, pool and all; files go to the benchmark's data folder."""

from config.settings import *  # noqa: F403
from config.settings import LOGGING

LOGGING["root"]["level"] = "WARNING"  # every page that is made would say so
