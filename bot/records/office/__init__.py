"""What the office decides, most of it by two persons, and what residents wrote to it."""
