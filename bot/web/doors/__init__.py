"""Everything in front of the routes: connections, limits, origins, bodies, the access log."""
