"""Statements for those who operate Iter."""
