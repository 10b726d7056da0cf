"""What is deployed: processes, tables, forms, letters, dictionary, parameters."""
