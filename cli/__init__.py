"""Click commands; words in and out."""
