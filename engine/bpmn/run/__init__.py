"""The token executor: pure steps over small plain state."""
