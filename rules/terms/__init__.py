"""Statutory terms: law as dated data, calendar, arithmetic, explanation."""
