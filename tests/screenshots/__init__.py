"""Pictures of every page, and contact sheets of them: `make screenshots`."""
