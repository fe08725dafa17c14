"""Settings, one file per concern; this file only puts them together.

Everything a machine may set comes from the environment and is read in `environment`.
`docs/settings.md` lists it in one table.
"""

from config.settings.accounts import *  # noqa: F403
from config.settings.apps import *  # noqa: F403
from config.settings.cms import *  # noqa: F403
from config.settings.database import *  # noqa: F403
from config.settings.environment import *  # noqa: F403
from config.settings.files import *  # noqa: F403
from config.settings.identity import *  # noqa: F403
from config.settings.languages import *  # noqa: F403
from config.settings.logs import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.web import *  # noqa: F403
from config.settings.work import *  # noqa: F403
