"""Fuzzing of the expression language, run on purpose."""
