"""The engine of Iter: everything that runs without Flask and without a word of HTTP."""
