"""Figures that the documentation claims, each by a command of its own."""
