"""HTML mail as readable text; nothing is loaded."""
