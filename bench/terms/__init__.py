"""What counting the terms of many running cases again costs."""
