"""Documents from a draft to the service: read, tried, released, taken up while it runs."""
