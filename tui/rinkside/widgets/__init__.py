"""Widgets: each shows lines that `rinkside.drawing` has drawn."""
