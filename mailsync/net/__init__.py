"""Connected sockets for whoever speaks over them: every address of a host, and proxies."""
