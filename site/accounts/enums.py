"""Closed lists about people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Persona(TextChoices):
    """What brings somebody here: the four examples of the ministry's briefing (A0.7)."""

    LONGING = "longing", _("I think of a place that is dear to me")
    HELPING = "helping", _("I want to lend an area a hand")
    DISASTER = "disaster", _("I help after disasters")
    TWO_HOMES = "two_homes", _("I live in two places")


class Channel(TextChoices):
    """How a person's wish reached the staff who enter it."""

    COUNTER = "counter", _("At the counter")
    TELEPHONE = "telephone", _("By telephone")
    LETTER = "letter", _("By letter")


class SpokenLanguage(TextChoices):
    """Languages one can talk to a resident in; by number of speakers among those who live here."""

    JAPANESE = "ja", pgettext_lazy("language", "Japanese")
    ENGLISH = "en", pgettext_lazy("language", "English")
    CHINESE = "zh", pgettext_lazy("language", "Chinese")
    VIETNAMESE = "vi", pgettext_lazy("language", "Vietnamese")
    KOREAN = "ko", pgettext_lazy("language", "Korean")
    TAGALOG = "tl", pgettext_lazy("language", "Tagalog")
    PORTUGUESE = "pt", pgettext_lazy("language", "Portuguese")
    NEPALI = "ne", pgettext_lazy("language", "Nepali")
    INDONESIAN = "id", pgettext_lazy("language", "Indonesian")
    SPANISH = "es", pgettext_lazy("language", "Spanish")
    SIGN = "jsl", pgettext_lazy("language", "Japanese sign language")


class Interest(TextChoices):
    """What somebody would like to help with; `activities.enums.Category` in fewer words."""

    FESTIVALS = "festivals", _("Festivals and gatherings")
    NATURE = "nature", _("Fields, forests and the sea")
    DISASTER = "disaster", _("Disaster prevention and help after disasters")
    CARE = "care", _("Looking after the elderly and children")
    CULTURE = "culture", _("Culture and tradition")
    TOWN = "town", _("Vacant houses, shops and tourism")
    WORD = "word", _("Spreading the word, and advice from afar")


class SignInWay(TextChoices):
    """What somebody proved who they are with."""

    CODE = "code", pgettext_lazy("way to sign in", "Code by mail")
    PASSKEY = "passkey", pgettext_lazy("way to sign in", "Passkey")
    PASSWORD = "password", pgettext_lazy("way to sign in", "Password")
    RECOVERY_CODE = "recovery_code", pgettext_lazy("way to sign in", "Recovery code")


class SecurityEventKind(TextChoices):
    """What is kept of signing in, and of what opens an account."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_REFUSED = "sign_in_refused", _("A sign-in was refused")
    SIGN_IN_BLOCKED = "sign_in_blocked", _("Too many sign-ins were refused: blocked for a while")
    HANDOFF_REFUSED = "handoff_refused", _("The way to a municipality's site was refused")
    SESSION_ENDED = "session_ended", _("A sign-in was ended")
    ALL_SESSIONS_ENDED = "all_sessions_ended", _("All other sign-ins were ended")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Recovery codes were made")
    RECOVERY_CODE_USED = "recovery_code_used", _("A recovery code was used")
    PASSWORD_SET = "password_set", _("The password was set")
    ADDRESS_CHANGED = "address_changed", _("The e-mail address was changed")
    DATA_COPIED = "data_copied", _("A copy of your data was made")
    ACCOUNT_CLOSED = "account_closed", _("The account was closed")
