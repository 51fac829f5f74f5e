"""The gate before deploying: all problems of a package in one pass, each at its element."""
