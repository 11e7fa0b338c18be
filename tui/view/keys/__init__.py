"""Which key asks for which command: data, so that it can be another one for another person."""
