"""The evaluation set, and what asks and scores it."""
