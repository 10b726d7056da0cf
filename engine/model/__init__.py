"""Pure: what a case is, the facts that happen to it, the commands it takes."""
