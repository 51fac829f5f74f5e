"""From files to our own model of a diagram; what is wrong is told as problems, all in one pass."""
