"""Long-track speed skating and its results feeds; knows no screen."""
