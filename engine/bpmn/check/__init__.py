"""Everything that is wrong with a model, in one pass, with place and remedy."""
