"""Decision tables side by side with other engines."""
