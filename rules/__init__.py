"""Deciding: FEEL, DMN, statutory terms and the data dictionary. Knows nothing of cases, databases or people."""
