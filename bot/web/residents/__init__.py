"""The pages that residents use."""
