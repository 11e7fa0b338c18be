"""What was written, what is quoted, and where the signature begins."""
