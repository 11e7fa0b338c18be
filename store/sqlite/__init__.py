"""The only room that imports apsw: connections, the writer thread, the readers, and what their errors mean."""
