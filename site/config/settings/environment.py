"""What the machine says: the only place that reads environment variables."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[3]
env = environ.Env()

# `production` refuses development defaults (config.checks); `development` is what ./run starts.
ENVIRONMENT = env.str("ENVIRONMENT", default="development")
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", default=False)

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
BASE_DOMAIN = env.str("BASE_DOMAIN", default="localhost")
PORT = env.int("PORT", default=8000)
# What visitors type: behind a proxy the public port differs from the one we listen on.
PUBLIC_SCHEME = env.str("PUBLIC_SCHEME", default="https" if IS_PRODUCTION else "http")
PUBLIC_PORT = env.int("PUBLIC_PORT", default=443 if IS_PRODUCTION else PORT)
# How many proxies of ours a request passes. Each writes the address it was called from into
# X-Forwarded-For; with a number too high, visitors choose the address we see (R2).
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

DEVELOPMENT_SECRET_KEY = "development-only-not-a-secret"  # noqa: S105 - refused in production
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET_KEY)
DATABASE_URL = env.str("DATABASE_URL", default="postgres://furusato@localhost:5432/furusato")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
EMAIL_URL = env.str("EMAIL_URL", default="smtp://127.0.0.1:8025")
CACHE_URL = env.str("CACHE_URL", default="locmemcache://")
