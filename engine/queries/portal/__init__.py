"""What customers read: their tickets in their words, and what they need to open one."""
