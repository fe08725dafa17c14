"""The development mail server keeps messages and shows their first link."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

from launcher import ports

ROOT = Path(__file__).resolve().parents[2]


def test_a_japanese_mail_is_kept_and_its_link_shown(tmp_path):
    port = ports.free_port(70000)
    command = [sys.executable, "-u", "-m", "launcher.mailbox", str(port), str(tmp_path / "mail")]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        message = EmailMessage()
        message["Subject"] = "メールアドレスの確認"
        message["To"] = "hanako@example.jp"
        message.set_content("次のリンクを開いてください。\nhttp://localhost:8000/confirm/abc/\n")
        with _connect(port) as client:
            client.send_message(message, "noreply@localhost", ["hanako@example.jp"])
        assert server.stdout is not None
        line = server.stdout.readline()
        assert "mail to hanako@example.jp: メールアドレスの確認 → " in line
        assert line.rstrip().endswith("http://localhost:8000/confirm/abc/")
        (kept,) = (tmp_path / "mail").glob("*-hanako@example.jp.eml")
        assert kept.stat().st_size > 100
    finally:
        server.terminate()
        server.wait(10)
        assert server.stdout is not None
        server.stdout.close()


def _connect(port: int) -> smtplib.SMTP:
    deadline = time.monotonic() + 10
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
