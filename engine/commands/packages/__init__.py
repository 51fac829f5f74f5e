"""What packages say: their versions, and the service level policies beside them."""
