"""A step in progress: tokens in memory, what they do at elements, who listens, who catches."""
