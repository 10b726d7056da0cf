"""The inventory of module 6 as a spreadsheet (M6-A02): out to Excel or CSV, and back into the draft of the open task."""
