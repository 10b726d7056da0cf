"""Data from files of others: spreadsheets, CSV, JSON. Everything is looked at before anything is taken in."""
