"""What a sentence is held against: amounts, clauses, strength, conditions, words that stand for others."""
