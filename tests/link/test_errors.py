"""No error of aiohttp's, of ssl's or of the system's gets past the seam."""

import ssl
from collections.abc import Iterator

import aiohttp
import pytest
from multidict import CIMultiDict
from yarl import URL

from mailsync.link import errors
from mailsync.link.translating import translate
from store.errors import CannotReach, MadoError


def below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


REQUEST = aiohttp.RequestInfo(URL("http://desk/v1/me"), "GET", CIMultiDict({"Authorization": "Bearer hush"}), URL("http://desk/v1/me"))
KEY = aiohttp.client_reqrep.ConnectionKey("desk", 443, True, True, None, None, None)
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "ClientResponseError": (REQUEST, ()),
    "ServerFingerprintMismatch": (b"a", b"b", "desk", 443),
    "ClientConnectorCertificateError": (KEY, ssl.SSLCertVerificationError(1, "certificate verify failed")),
    "ClientConnectorError": (KEY, OSError(111, "Connection refused")),
    "UnixClientConnectorError": ("/desk.sock", KEY, OSError(2, "No such file")),
    "InvalidURL": ("nowhere",),
    "ClientHttpProxyError": (REQUEST, ()),
}


def one(kind: type[BaseException]) -> BaseException:
    for ancestor in kind.__mro__:
        for arguments in [ARGUMENTS.get(ancestor.__name__)]:
            if arguments is not None:
                try:
                    return kind(*arguments)
                except TypeError:
                    continue
    return kind()


EVERY = sorted({*below(aiohttp.ClientError), aiohttp.ClientError}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_error_of_the_http_client_becomes_one_that_says_what_to_do(kind: type[BaseException]) -> None:
    ours = translate(one(kind), "http://desk")
    assert isinstance(ours, CannotReach)
    assert "http://desk" in str(ours)
    assert "hush" not in str(ours)


SYSTEM = [TimeoutError(), ConnectionResetError(), OSError(28, "No space left"), ssl.SSLError(1, "wrong version"), ValueError("?")]


@pytest.mark.parametrize("error", SYSTEM)
def test_errors_of_the_system_do_too(error: BaseException) -> None:
    assert isinstance(translate(error, "http://desk"), CannotReach)


def test_what_is_no_error_of_a_connection_is_not_hidden() -> None:
    with pytest.raises(TypeError):
        translate(KeyError("a bug"), "http://desk")


def test_a_certificate_that_is_not_the_invitations_is_not_called_a_server_that_is_away() -> None:
    assert isinstance(translate(one(aiohttp.ServerFingerprintMismatch), "https://desk"), errors.ServerNotTrusted)
    assert isinstance(translate(one(aiohttp.ClientConnectorCertificateError), "https://desk"), errors.ServerNotTrusted)
    assert isinstance(translate(one(aiohttp.ClientConnectorError), "https://desk"), errors.ServerAway)


def test_every_error_of_the_room_is_drawn_at_the_head_of_its_file() -> None:
    here = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MadoError) and kind.__module__ == errors.__name__]
    assert here
    for kind in here:
        assert kind.__name__ in (errors.__doc__ or "")
