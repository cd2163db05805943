"""From a question to evidence: passages found, sentences matched, slots proven, lists read off the structure."""
