"""Django's mail goes into the outbox; the worker hands it to the mail server.

So every app simply sends mail, also those below this one, and a mail exists if and only if
the transaction that decided it was committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import make_msgid

from notifications.operations import enqueue
from notifications.registry import handler

MAIL = "mail"
# As mail servers themselves (RFC 5321, 4.5.4.1). To an address that is no more it would stand
# here for ever, with whose it was, after the account is closed too.
MAIL_PATIENCE = timedelta(days=5)


class OutboxEmailBackend(BaseEmailBackend):
    """Writes each message as a row of the outbox.

    Plain text only: an HTML alternative is left out, since the text always says it all.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise NotImplementedError("mail carries links, not attachments")
            enqueue(
                MAIL,
                {
                    # A line break, in a title for instance, would be refused at every attempt.
                    "subject": " ".join(str(message.subject).split()),
                    "body": str(message.body),
                    "from_email": message.from_email,
                    "to": list(message.to),
                    "cc": list(message.cc),
                    "bcc": list(message.bcc),
                    "reply_to": list(message.reply_to),
                    # Sent twice after a crash, the mail has one id, and mailboxes show it once.
                    "headers": {
                        "Message-ID": make_msgid(domain=settings.BASE_DOMAIN),
                        **message.extra_headers,
                    },
                },
            )
        return len(email_messages)


@handler(MAIL, patience=MAIL_PATIENCE)
def send_mail(payload: dict[str, Any]) -> None:
    """Hand one mail to the mail server."""
    EmailMessage(**payload, connection=SmtpBackend()).send()
