"""The interface for programs, and the tools for agents of others."""
