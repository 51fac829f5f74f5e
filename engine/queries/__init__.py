"""Reads for pages and API: they never write, and show each reader only what is theirs to see."""
