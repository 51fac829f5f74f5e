"""Migrations: what would become of each ticket, how far one is that runs, which tickets have stayed."""
