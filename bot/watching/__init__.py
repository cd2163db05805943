"""What the service reports to whoever monitors it."""
