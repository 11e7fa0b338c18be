"""Bytes to text: charsets declared, repaired and guessed; and the plain kinds of text."""
