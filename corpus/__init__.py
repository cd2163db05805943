"""From documents to a searchable index. Knows nothing of chat."""
