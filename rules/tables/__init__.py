"""Data: the decision tables that ship, and the examples beside them."""
