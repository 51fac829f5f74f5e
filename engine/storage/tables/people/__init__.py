"""Tables about people: accounts with what they are, their sessions, what they keep for themselves."""
