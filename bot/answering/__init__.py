"""From a judgement to what a person reads: quotes, citations, fixed wordings."""
