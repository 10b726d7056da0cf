"""Letters to clients and others."""
