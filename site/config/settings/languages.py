"""Japanese first, English complete; a municipality may add languages to its pages."""

from config.settings.environment import BASE_DIR

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = WAGTAIL_I18N_ENABLED = True
USE_TZ = True
# Languages a page can be translated into. What the interface has no words for in a language
# it says in Japanese.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("ja", "日本語"),
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("ko", "한국어"),
]
INTERFACE_LANGUAGES = [("ja", "日本語"), ("en", "English")]
WAGTAILADMIN_PERMITTED_LANGUAGES = INTERFACE_LANGUAGES
# All our catalogues, not only the one without an app: Django and Wagtail translate some of the
# same texts otherwise, and among apps the order of INSTALLED_APPS would decide.
LOCALE_PATHS = sorted(
    path for pattern in ("*/locale", "*/*/locale") for path in BASE_DIR.glob(pattern)
)
