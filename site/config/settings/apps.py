"""Which app lives in which schema.

`SHARED_APPS` are migrated into `public`, `TENANT_APPS` into every municipality's schema.
No Wagtail app is shared: a query in the wrong place fails loudly instead of mixing tenants.
Content types are shared only: per tenant their ids drift apart, and process-wide caches
would then hand out the wrong tenant's permissions.
"""

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tenants.staff",
    "accounts",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "notifications",
    "privacy",
    "identity",
    "organisations",
    "attendance",
    "registration",
    "certificates",
    "portal",
    "common",
]

TENANT_APPS = [
    "django.contrib.auth",
    "tenants.staff",
    "themes",
    "pages",
    "activities",
    "surveys",
    "community",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.forms",
]

INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]

TENANT_MODEL = "tenants.Municipality"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
