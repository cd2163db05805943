"""From a turn to its excerpt answer: what it takes, and the steps of the way."""
