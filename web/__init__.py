"""The browser's face: views only, no logic."""
