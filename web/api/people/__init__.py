"""Accounts, companies and tokens in the API."""
