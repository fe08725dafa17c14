"""What a resident signs in with beside the mailbox, and where they are signed in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import SignInWay
from common import clock
from tenants.models import Municipality


class Passkey(models.Model):
    """A public key whose private half stays in the resident's device (WebAuthn).

    Apart from the staff's second factors (`tenants.models.SecondFactor`): neither may open the
    other's door. `user_handle` is random and the same for all passkeys of an account, so that
    a device keeps one entry for it and learns no number of ours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys"
    )
    user_handle = models.BinaryField(max_length=64)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    # As the authenticator attested it: AAGUID, credential id, public key (COSE).
    credential = models.BinaryField()
    # Stays 0 with passkeys that are synchronised between devices.
    counter = models.BigIntegerField(default=0)
    name = models.CharField(_("name"), max_length=40)
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One of the codes on paper for the day when mailbox and passkey are lost; good once.

    Kept is a keyed hash: 53 random bits would not stand a search if the hash alone leaked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="accounts_recovery_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.created_at}"


class OpenSession(models.Model):
    """A session of a resident, in words they can know their device by.

    Beside Django's own row: that one is sealed and belongs to whichever host. `chain` names the
    sign-in on the portal; sessions on municipalities' hosts that came from it carry the same.
    Of what a browser says about itself only the three words are kept. `seen_at` moves in steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="open_sessions"
    )
    session_key = models.CharField(max_length=40, unique=True)
    # None: on the portal.
    municipality = models.ForeignKey(
        Municipality, null=True, on_delete=models.CASCADE, related_name="+"
    )
    chain = models.CharField(max_length=32, db_index=True)
    way = models.CharField(max_length=16, choices=SignInWay.choices, blank=True)
    device = models.CharField(max_length=16, blank=True)
    system = models.CharField(max_length=16, blank=True)
    browser = models.CharField(max_length=16, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at}"


class AttemptCount(models.Model):
    """How often something was tried: one row for each that is counted, by keyed hash.

    In the database and not in a cache: a cache that is down, or one for each process, would
    leave a guesser uncounted.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
