"""Statutory terms, through the front doors of rules.terms."""
