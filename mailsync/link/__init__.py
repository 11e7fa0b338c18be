"""The client's end of the team's server: typed client, event stream, offline queue."""
