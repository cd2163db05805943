"""The search that agents use while a caller waits."""
