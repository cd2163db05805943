"""Approved answers: written, previewed and released through pages."""
