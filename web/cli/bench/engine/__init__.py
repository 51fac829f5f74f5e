"""What the engine costs: each figure has a name that stays, and a limit where one was set."""
