"""What is told of the service to who watches over it."""
