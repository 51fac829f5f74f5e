"""What every route has in common: who calls, what is taken, how it is answered and documented. No route of a noun."""
