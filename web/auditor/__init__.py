"""Pages for people who look back at what was done."""
