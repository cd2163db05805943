"""What the office decides of documents."""
