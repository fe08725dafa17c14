"""Moving a signed-in resident from the portal to a municipality's host."""

from django.conf import settings
from django.db import models

from tenants.models import Municipality


class Handoff(models.Model):
    """A single-use code, valid for 60 seconds, bound to one host and one browser.

    Only hashes are kept: of the code, and of the secret that the municipality's host left in
    the browser before it sent it to the portal.

    `chain` is the sign-in on the portal that it came from, `session_key` the session it opened
    on the municipality's host: signing out on the portal ends every session of its chain.
    """

    code_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    return_path = models.CharField(max_length=500, default="/")
    chain = models.CharField(max_length=32, db_index=True)
    session_key = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.created_at}"
