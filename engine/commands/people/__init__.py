"""Accounts, companies and tokens: who there is, and how they prove it."""
