"""The files of a package's draft, each in the editor for its kind."""
