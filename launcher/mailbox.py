"""The mail server of development: takes every message and keeps it as a file.

`python -m launcher.mailbox PORT FOLDER`. It prints a line for each mail, with the first link
in it, so that an address can be confirmed without any mailbox. It never sends anything.
"""

from __future__ import annotations

import asyncio
import email
import re
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

_LINK = re.compile(r"https?://[^\s<>\"]+")
LARGEST_BYTES = 25_000_000


def keep(content: bytes, recipients: list[str], folder: Path) -> str:
    """Write one message to `folder`; returns the line that tells of it."""
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    folder.mkdir(parents=True, exist_ok=True)
    addressee = re.sub(r"[^A-Za-z0-9.@_-]", "_", recipients[0] if recipients else "nobody")[:80]
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{addressee}.eml"
    path.write_bytes(content)
    link = _LINK.search(_text(message))
    line = f"mail to {', '.join(recipients)}: {message.get('Subject', '')} → {path}"
    return f"{line}  {link.group()}" if link else line


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body is not None else ""


class Mailbox:
    """Handler of aiosmtpd."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content or b""
        print(keep(bytes(content), list(envelope.rcpt_tos), self.folder), flush=True)
        return "250 kept"


async def serve(port: int, folder: Path) -> None:
    """Listen on this machine only, for ever."""
    handler = Mailbox(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, data_size_limit=LARGEST_BYTES, enable_SMTPUTF8=True),
        "127.0.0.1",
        port,
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
