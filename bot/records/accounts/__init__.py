"""Who may sign in, and the tries to."""
