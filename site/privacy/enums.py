"""Closed lists of this app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Particular(TextChoices):
    """What staff may see or take away of a resident. The resident reads these names."""

    NAME = "name", _("Name")
    KANA = "kana", _("Furigana")
    NUMBER = "number", _("Registration number")
    KIND = "kind", _("Kind of registration")
    SINCE = "since", _("Registered since")
    RESIDENCE = "residence", _("Municipality of residence")
    BIRTH_DATE = "birth_date", _("Date of birth")
    POSTAL_CODE = "postal_code", _("Postal code")
    ADDRESS = "address", _("Address")
    PHONE = "phone", _("Telephone number")
    EMAIL = "email", _("E-mail address")
    HISTORY = "history", _("History of the registration")
    PARTICIPATIONS = "participations", _("Participations that a decision rests on")
    DOCUMENTS = "documents", _("Documents handed in")
    STAYS = "stays", _("Stays that were told")


class StaffPurpose(TextChoices):
    """Why staff look at particulars. Written down before anything is shown."""

    ENQUIRY = "enquiry", _("To answer an enquiry of the resident")
    CONTACT = "contact", _("To get in touch with the resident")
    COUNTER = "counter", _("To serve the resident at the counter")
    ACTIVITY = "activity", _("To prepare or hold an activity")
    SUPPORT = "support", _("To carry out a support measure")
    NOTICES = "notices", _("To send out notices")
    STATISTICS = "statistics", _("For statistics and planning")
    PREMIUM = "premium", _("To decide on an application for registration")
    CASE = "case", _("For a request under the Act on the Protection of Personal Information")
    EMERGENCY = "emergency", _("To protect life or safety")
    OTHER = "other", pgettext_lazy("purpose", "Other")


class FileFormat(TextChoices):
    """Formats of an export."""

    CSV = "csv", _("CSV (text)")
    XLSX = "xlsx", _("Excel")


class ExportStatus(TextChoices):
    """Where an export stands."""

    WAITING = "waiting", _("Waits for a second person")
    APPROVED = "approved", _("The file is being made")
    READY = "ready", _("The file can be fetched")
    REFUSED = "refused", pgettext_lazy("export", "Not approved")
    LAPSED = "lapsed", _("Nobody approved in time")
    GONE = "gone", _("The file has been deleted")


class ExportEvent(TextChoices):
    """What can happen to an export; each is a row of its own."""

    REQUESTED = "requested", pgettext_lazy("export", "Asked for")
    APPROVED = "approved", pgettext_lazy("export", "Approved by a second person")
    REFUSED = "refused", pgettext_lazy("export", "Not approved")
    MADE = "made", _("File made")
    EXPORTED = "exported", _("File fetched")
    LAPSED = "lapsed", _("Nobody approved in time")
    DELETED = "deleted", _("File deleted")


class ConsentPurpose(TextChoices):
    """What somebody agrees to (R28)."""

    TERMS = "terms", _("Terms of use")
    PRIVACY_NOTICE = "privacy_notice", _("Privacy notice")
    DISCLOSURE = "disclosure", _("Particulars given to the municipality")
    MAILING = "mailing", _("News from the municipality")
    ORGANISATIONS = "organisations", _("Particulars given to organisations")


class ConsentEnd(TextChoices):
    """Why a consent holds no longer."""

    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Withdrawn")
    NEW_VERSION = "new_version", pgettext_lazy("consent", "A newer version was agreed to")
    LEFT = "left", pgettext_lazy("consent", "The registration has ended")
    CLOSED = "closed", pgettext_lazy("consent", "The account was closed")
    MERGED = "merged", pgettext_lazy("consent", "Two accounts became one")


class CaseKind(TextChoices):
    """What is asked for (Act on the Protection of Personal Information, 76, 90 and 98)."""

    DISCLOSURE = "disclosure", _("Disclosure")
    CORRECTION = "correction", _("Correction")
    STOPPING = "stopping", _("Stop of use")


class CaseChannel(TextChoices):
    """How a request arrived."""

    PORTAL = "portal", _("On this site")
    COUNTER = "counter", _("At the counter")
    LETTER = "letter", _("By letter")


class CaseStatus(TextChoices):
    """Where a request stands. Each leads to the next."""

    RECEIVED = "received", pgettext_lazy("request", "Received")
    IDENTITY_CHECKED = "identity_checked", _("Identity checked")
    DECIDED = "decided", pgettext_lazy("request", "Decided")
    DONE = "done", pgettext_lazy("request", "Done")


class CaseDecision(TextChoices):
    """How a request was decided."""

    GRANTED = "granted", pgettext_lazy("request", "Granted")
    PARTLY = "partly", pgettext_lazy("request", "Granted in part")
    REFUSED = "refused", pgettext_lazy("request", "Not granted")


class CaseEventKind(TextChoices):
    """What can happen to a request."""

    RECEIVED = "received", pgettext_lazy("request", "Received")
    ASSIGNED = "assigned", _("Somebody put in charge")
    IDENTITY_CHECKED = "identity_checked", _("Identity checked")
    EXTENDED = "extended", _("Deadline extended")
    DECIDED = "decided", pgettext_lazy("request", "Decided")
    DONE = "done", pgettext_lazy("request", "Done")
    NOTE = "note", pgettext_lazy("of a request", "Note")
    REMINDED_BEFORE = "reminded_before", _("Reminder a week before the deadline")
    REMINDED_ON_THE_DAY = "reminded_on_the_day", _("Reminder on the day of the deadline")
