"""The mail texts of a package: read, checked and rendered."""

from engine.domain.mail_texts.texts import MailFailed, MailText, RenderedMail, one_line, read_mail, read_mails

__all__ = ["MailFailed", "MailText", "RenderedMail", "one_line", "read_mail", "read_mails"]
