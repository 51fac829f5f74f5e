"""The mail texts of a package: read, checked and rendered."""

from engine.domain.mail_texts.samples import render_sample
from engine.domain.mail_texts.texts import (
    FOLDER,
    MailFailed,
    MailText,
    RenderedMail,
    one_line,
    read_mail,
    read_mails,
    read_translated_mails,
)

__all__ = [
    "FOLDER", "MailFailed", "MailText", "RenderedMail", "one_line", "read_mail", "read_mails", "read_translated_mails",
    "render_sample",
]  # fmt: skip
