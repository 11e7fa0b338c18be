"""A PostgreSQL of our own.  `python start_postgres.py` starts one, prints how to reach it, and stops it on Ctrl-C."""

import secrets
import shutil
import subprocess
from pathlib import Path

from server_process import ServerFailed, ServerProcess, as_server, give_to_server, new_folder, serve_until_ctrl_c

PORT = "5432"  # only a part of the socket's name: nothing listens on TCP
# synchronous_commit stays on: with it off, a SIGKILL of the server alone lost 20 of 500 commits.
WITHOUT_FSYNC = ("-c", "fsync=off", "-c", "full_page_writes=off")


def server_programs() -> Path:
    """Find where Debian keeps initdb and postgres, which are on no PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise ServerFailed("no PostgreSQL server here: apt-get install postgresql-15")
    return versions[-1].parent


class Postgres:
    """PostgreSQL on a UNIX socket in self.root alone; the superuser "postgres" needs no password there.

    fsync: off, a commit survives a kill of the server but not of the machine; on is for measuring real commit times.
    """

    def __init__(self, *, fsync: bool = False):
        self.root = new_folder("pg")
        self.log = self.root / "postgres.log"
        self._programs = server_programs()
        self._options = () if fsync else WITHOUT_FSYNC
        self._where = ("-h", str(self.root), "-p", PORT)
        give_to_server(self.root)
        made = self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", self.root / "data")
        if made.returncode:
            raise ServerFailed(made.stderr)
        self.start()

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self._programs / program, *arguments], capture_output=True, text=True, cwd=self.root, **as_server())

    def start(self) -> None:
        """Start; what was committed is there."""
        sockets = ("-k", str(self.root), "-p", PORT, "-c", "listen_addresses=")
        command = [str(self._programs / "postgres"), "-D", str(self.root / "data"), *sockets, *self._options]
        # INT is the "fast" shutdown, which ends the sessions; TERM would wait for them.
        self.process = ServerProcess(command, self.log, stop_signal="INT")
        # The socket takes connections before a session can start, so ask for one.
        self.process.wait_until(lambda: self._run("pg_isready", "-q", *self._where).returncode == 0)

    def stop(self) -> None:
        """End the sessions and the server."""
        self.process.stop()

    def kill(self) -> None:
        """End with SIGKILL; the next start recovers from the log."""
        self.process.kill()

    def close(self) -> None:
        """Stop and remove everything."""
        self.stop()
        shutil.rmtree(self.root)

    def new_database(self, template: str = "template0") -> str:
        """Make an empty database, or a copy of one that nobody is connected to, and return its connection string."""
        name = f"t{secrets.token_hex(6)}"
        made = self._run("psql", "-X", "-q", *self._where, "-U", "postgres", "-c", f'CREATE DATABASE {name} TEMPLATE "{template}"')
        if made.returncode:
            raise ServerFailed(made.stderr)
        return f"host={self.root} port={PORT} user=postgres dbname={name}"

    def new_url(self) -> str:
        """The same of an empty database, as the settings say it."""
        parts = dict(part.split("=") for part in self.new_database().split())
        return f"postgresql:///{parts['dbname']}?host={self.root}&port={PORT}&user=postgres"


def main() -> None:
    server = Postgres()
    print(f"psql '{server.new_database()}'")
    print(f"ready after {server.process.ready_seconds:.3f} s  log {server.log}  Ctrl-C stops it", flush=True)
    serve_until_ctrl_c()
    server.close()


if __name__ == "__main__":
    main()
