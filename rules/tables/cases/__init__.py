"""Data: examples of each decision table."""
