"""Tickets in the API, with what stands on them: notes, actions, attachments."""
