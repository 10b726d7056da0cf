"""People: inbox, forms, drafts, access, letters, documents."""
