"""The event log: streams, sealing, hash chain, projections."""
