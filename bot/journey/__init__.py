"""From a turn to its excerpt answer: the parts of a bot, and the steps."""
