"""The steps, one file each, named by the version they lead to."""
