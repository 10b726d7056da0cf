"""FEEL: text to tokens to tree to value."""
