"""What is settled before anything is searched: danger, instructions, abuse, small talk, scope."""
