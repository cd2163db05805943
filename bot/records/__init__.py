"""What is kept, and nothing more: SQLAlchemy is imported here alone."""
