"""Accounts, and attempts to sign in."""
