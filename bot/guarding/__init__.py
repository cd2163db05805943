"""What is decided before anything is searched: danger, instructions, abuse, small talk, scope."""
