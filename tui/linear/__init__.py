"""The desk as sentences, one after the other: nothing is painted over, nothing is said by colour or place."""
