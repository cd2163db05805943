"""The records. The only package that imports SQLAlchemy."""
