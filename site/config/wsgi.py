"""WSGI entry point."""

import gc
import os
import sys

from django.core.checks import ERROR, run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from tenants.checks import check_pooling  # noqa: E402 - apps have to be loaded

# A web server runs no system checks of its own: what refuses to start must refuse here too.
_problems = [*run_checks(), *check_pooling(None, databases=["default"])]
_errors = [problem for problem in _problems if problem.level >= ERROR]
if _errors:
    sys.exit("\n".join(str(problem) for problem in _errors))

# What is loaded by now stays: it need not be looked through for garbage again and again.
gc.collect()
gc.freeze()
