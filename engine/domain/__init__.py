"""Pure values and rules: no database, no network, no wall clock, no framework."""
