"""A file per noun, a function per command, a transaction per function. Nothing here knows HTTP or SpiffWorkflow."""
