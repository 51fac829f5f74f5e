"""Accounts, companies and tokens, read."""
