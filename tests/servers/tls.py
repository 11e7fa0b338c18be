"""A throwaway CA and the certificates a mail server needs, good and bad, in a few milliseconds each."""

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificate:
    """Paths of PEM files: what the server shows (leaf first), its key, and what a client must trust."""

    chain: Path
    key: Path
    ca: Path


def make_certificate(folder: Path, *names: str, expired: bool = False) -> Certificate:
    """Write a fresh CA and a certificate for the names (host names or addresses; default localhost and 127.0.0.1)."""
    ca = trustme.CA()
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    dates = {"not_before": yesterday - dt.timedelta(days=1), "not_after": yesterday} if expired else {}
    names = names or ("localhost", "127.0.0.1", "127.0.0.2")
    leaf = ca.issue_cert(*names, common_name=names[0], **dates)  # mbsync wants a common name
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificate(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    made.chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    made.key.write_bytes(leaf.private_key_pem.bytes())
    made.key.chmod(0o600)
    ca.cert_pem.write_to_path(str(made.ca))
    return made


def make_client_certificate(folder: Path, name: str) -> Certificate:
    """The same for a person: `chain` and `key` are what a client shows, `ca` what a server must trust."""
    ca = trustme.CA()
    leaf = ca.issue_cert(name, common_name=name)
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificate(folder / "client.pem", folder / "client.key", folder / "client-ca.pem")
    made.chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    made.key.write_bytes(leaf.private_key_pem.bytes())
    made.key.chmod(0o600)
    ca.cert_pem.write_to_path(str(made.ca))
    return made


if __name__ == "__main__":
    print(make_certificate(Path(sys.argv[1]), *sys.argv[2:]))
