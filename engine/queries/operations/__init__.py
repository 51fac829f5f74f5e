"""What those who operate a package see of its engine room: incidents, jobs, mails, timers, messages, instances."""
