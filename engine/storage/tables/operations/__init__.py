"""Tables for those who operate Iter."""
