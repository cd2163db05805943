"""From documents to a searchable index. Independent of chat."""
