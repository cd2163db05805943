"""What stands before every route: connections, limits, origins, bodies, the access log."""
