"""Accounts, their tokens, and the people involved in tickets."""
