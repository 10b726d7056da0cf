"""Expressions side by side with npm feelin."""
