"""Bytes of a file to the lines of its text, one module a format. The libraries are imported when a file needs them."""
