"""Files that people attach to tickets."""
