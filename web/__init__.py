"""The thin layer over `engine`: HTTP, the command line, settings. No rule of a process lives here."""
