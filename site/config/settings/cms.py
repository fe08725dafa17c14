"""Wagtail and the languages of its pages."""

from config.settings.environment import BASE_DOMAIN, PUBLIC_PORT, PUBLIC_SCHEME

WAGTAIL_SITE_NAME = "ふるさと住民登録"
# One setting cannot name 1,788 admin hosts: mails of Wagtail that need an address are made
# by tenants.hosts instead; this is where such a link lands if one slips through.
WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://{BASE_DOMAIN}:{PUBLIC_PORT}"
WAGTAILIMAGES_IMAGE_MODEL = "wagtailimages.Image"
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks a foreign host
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # a foreign host would learn who edits
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "tenants.staff.forms.StaffSignInForm"
# Everyone who may edit a page here may publish it; the one workflow is that of designation, for
# what organisations hand in (activities.models.workflow). Mails about it are our own.
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Off: where a save by itself crosses with the page's regular question whether anybody else is at
# work, Wagtail 8.0 believes in a second window for good, and asks a lone editor at each
# publication to choose between two versions. Leaving with unsaved changes is still asked about.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no foreign origin on any page
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_APPEND_SLASH = True
# Pages live on the public host; on the admin host their addresses are made with its URLs.
MUNICIPALITY_URLCONF = "config.urls_municipality"
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 10
WAGTAIL_FRONTEND_LOGIN_URL = "/enter/"
TAGGIT_CASE_INSENSITIVE = True

# A translation begins as a draft: otherwise the Japanese words would stand at the English
# address, marked as English, until somebody has translated them.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Tokyo"]
