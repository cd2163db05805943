"""The office's decisions, most of them by two persons, and residents' complaints."""
