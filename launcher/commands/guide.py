"""`./run help`."""

from __future__ import annotations

from launcher.surroundings import Surroundings

TEXT = """\
./run                     start the platform: database, web, worker, scheduler, mail catcher.
                          Ctrl-C stops it; the next start takes seconds and loses nothing.
./run test [ARGUMENTS]    the whole test suite on a database of its own; arguments go to pytest
                          (./run test tests/registration -k premium; -m "not journey" leaves
                          the browser out)
./run check [STEP…]       lint, format, types, imports, templates, migrations, translations
./run manage COMMAND …    a command of Django on the platform's database
./run bench NAME [--json] measure what must be fast, on a database of its own
./run help                this page

Settings are environment variables:

  name               default              meaning
  PORT               8000                 where the web server listens, on 127.0.0.1
  DATA_DIR           .data                database, uploads, mail, logs, keys
  DATABASE_URL       (embedded)           postgres://… of your own, as the database's owner, who
                                          may make roles; nothing is started then
  DATABASE_ROLE_PREFIX  furusato          beginning of the names of the roles made there
  CELERY_BROKER_URL  filesystem://        redis://… in production; it only wakes workers
  EMAIL_URL          (caught)             smtp://…; unset, mail is kept in DATA_DIR/mail
  BASE_DOMAIN        localhost            the portal's host; municipalities are below it
  TRUSTED_PROXIES    0                    how many proxies stand in front; the address of staff
                                          is that entry of X-Forwarded-For, from the right
  STAFF_IDLE_MINUTES 30                   staff and operators are signed out after so long
                                          without doing anything
  STAFF_SESSION_HOURS  10                 and so long after signing in, whatever they do
  STAFF_CONFIRMATION_MINUTES  15          how long a passed second factor is enough for exports,
                                          roles, invitations and networks
  OPERATOR_EMAIL     (none)               who is told of requests about what the platform itself
                                          holds on people
  SECRET_KEY         (made once)          kept in DATA_DIR/secret_key in development
  ENVIRONMENT        development          `production` refuses every default above that is
                                          fit for development only

A second platform beside the first: DATA_DIR=.data-2 PORT=8100 ./run
To begin anew, stop it and remove DATA_DIR. Logs are in DATA_DIR/logs.
"""


def execute(surroundings: Surroundings, arguments: list[str]) -> int:
    """Prints the page."""
    print(TEXT, end="")
    return 0
