"""The browser face and the REST API; views only."""
