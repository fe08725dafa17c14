"""Words that scripts say on a page, by their names there."""

from __future__ import annotations

from django.utils.translation import gettext as _


def desk_words() -> dict[str, str]:
    """What the desk says about a reading and about itself."""
    return {
        "read": _("Read."),
        "readWithoutSignUp": _("Read. (Not on the list of sign-ups)"),
        "known": _("Already recorded."),
        "expired": _("This pass is over. Please ask the person to load a new one."),
        "forged": _("This pass cannot be used."),
        "early": _("Kept. It is before the time for recording."),
        "late": _("Kept. It is after the time for recording."),
        "venueCode": _("This is the venue's code. Please read the person's pass."),
        "noPass": _("This is not a pass."),
        "notKept": _("It could not be kept on this device. Please use the paper list."),
        "name": _("Name: %(name)s"),
        "toBeSent": _("Waiting to be sent"),
        "noCamera": _("The camera cannot be used. Please allow it in the browser's settings."),
        "countedAt": _("As of %(time)s"),
        "codeLabel": _("Changing code"),
        "offline": _("No network. Readings are kept on this device and sent by themselves later."),
        "notTaken": _("Sending does not work at the moment. Nothing is lost; it is tried again."),
        "ended": _(
            "This device is no longer let in. Names and keys have been deleted from it. If "
            "readings wait to be sent, please tell the municipality."
        ),
        "gone": _("This activity is no longer published. What was read is still sent."),
        "noData": _(
            "This device is not ready yet. Please open this page where there is a network."
        ),
        "noStore": _(
            "This browser keeps nothing, so it cannot be used here. Please do not use a private "
            "window."
        ),
    }
