"""Tables of tickets: themselves, their attachments, what is searched."""
