"""Hosts, middleware, templates."""

from config.settings.environment import BASE_DOMAIN, DATA_DIR

ALLOWED_HOSTS = [BASE_DOMAIN, f".{BASE_DOMAIN}"]
ROOT_URLCONF = "config.urls_portal"
WSGI_APPLICATION = "config.wsgi.application"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.headers.HeadersMiddleware",
    "config.health.HealthMiddleware",
    "tenants.middleware.HostMiddleware",
    "pages.middleware.BodySizeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.HostBoundSessionMiddleware",
    "tenants.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.middleware.StaffSessionMiddleware",
    "accounts.middleware.ResidentMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.AttemptsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pages.middleware.MovedPageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "themes.context_processors.theme",
                "activities.context_processors.activities_url",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# A registration form is small and a picture is capped (config.settings.files): a body of
# 10 MB is refused before it is read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
