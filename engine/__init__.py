"""Cases through time."""
