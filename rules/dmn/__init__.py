"""DMN: decision models read, checked and decided."""
