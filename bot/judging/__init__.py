"""Whether the evidence answers."""
