"""From the words of a turn to questions that stand alone: topics, kinds of detail, terms, what was said before."""
