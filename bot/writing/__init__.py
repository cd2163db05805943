"""A model that writes, and the check that each of its sentences must pass."""
