"""How a home finds its server: the address in its settings, or the socket of a server that runs in the home itself."""

import socket
from pathlib import Path

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from store.settings.secrets import Secrets
from store.settings.settings import ServerSettings, Settings

SESSION = "session"
"""The name of a session's secret in the home's secrets; `join` and `login` put it there."""

DEVICE = "device"
"""The secret by which the server knows this home again when it logs in."""

PROBE_SECONDS = 2.0


def own_socket(home: Path) -> Path:
    """Where a server that runs in this home always listens (0600)."""
    return home / "desk.sock"


def own_server_answers(home: Path) -> bool:
    """Whether one runs there now; a socket left behind by a killed one does not count."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(PROBE_SECONDS)
        try:
            probe.connect(str(own_socket(home)))
        except OSError:
            # Also a path longer than sun_path holds: no server can listen there either.
            return False
        return True


def server_of(home: Path, settings: Settings) -> ServerAddress | None:
    """Where this home's server is; None: none is set and none runs here.

    A home that has joined (an address and a session) calls that address. Any other asks a server running in the home first: that is the
    server's own home, whose Unix owner needs no session.

    Raises:
        AddressWrong: The settings hold an address that cannot be used.
    """
    configured = ServerAddress.parse(settings.server.url) if settings.server.url else None
    if configured is not None and (configured.scheme == "unix" or Secrets(home).get(SESSION) is not None):
        return configured
    if own_server_answers(home):
        return ServerAddress("unix", path=str(own_socket(home)))
    return configured


def is_a_servers(home: Path, settings: Settings) -> bool:
    """Whether a server lives, or lived, in this home: then what lies in it is not a member's copy."""
    server = settings.server
    if not server.url or server.listen or server.database:
        return True
    return own_socket(home).exists() or (home / "team.db").exists()


def client_of(home: Path, settings: Settings, address: ServerAddress) -> TeamClient:
    """A client for this home's member at `address`."""
    server = settings.server
    return TeamClient(
        address,
        Secrets(home).get(SESSION),
        fingerprint=server.fingerprint,
        ca_file=path_of(server.ca_file),
        certificate=certificate_of(server),
    )


def path_of(text: str) -> Path | None:
    """A file named in the settings; None: none is."""
    return Path(text) if text else None


def certificate_of(server: ServerSettings) -> tuple[Path, Path] | None:
    """What this home shows to a server that asks for certificates: certificate and key."""
    return (Path(server.client_cert), Path(server.client_key)) if server.client_cert else None
