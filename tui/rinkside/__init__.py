"""Follow a speed skating World Cup meet live in a terminal."""

__version__ = "0.1.0"
