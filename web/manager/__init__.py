"""Pages for who looks over all cases: figures, threats."""
