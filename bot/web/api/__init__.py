"""The interface for programs, and the tools for other people's agents."""
