"""Deciding: what a command does to a case. Pure; the clock and all that was read from outside are passed in."""
