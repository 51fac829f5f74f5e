"""Packages and their versions, policies, checks and exports, read."""
