"""What leaves Iter: jobs and mails, taken, done, tried again."""
