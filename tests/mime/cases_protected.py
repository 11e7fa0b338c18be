"""Signatures, encryption, lists and what a mail is for; each with its name and what must come out."""

from store.domain.message import DeliveryReport, DeliveryResult
from tests.mime.cases import CONTENT, PDF, PLAIN, b64, mail, multipart
from tests.mime.cases_structure import Cases, inner
from tests.mime.makers import AUTH_ENVELOPED_DATA, sealed_envelope, signed_envelope


def signed(entity: bytes, *, indefinite: bool = False, kind: bytes = b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> bytes:
    """A mail that is one S/MIME envelope."""
    return mail(b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n", b64(signed_envelope(entity, indefinite=indefinite)))


PROTECTED: Cases = {
    "a signed mail, the signature beside it": (
        multipart(
            "signed; protocol=application/pgp-signature; micalg=pgp-sha256",
            PLAIN + b"text",
            b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----",
        ),
        {"text": "text", "protection": "signed", "names": ["signature.asc"], "warnings": ()},
    ),
    "a signed mail of several parts": (
        multipart(
            "signed", inner(b"mixed", b"MM", PLAIN + b"text", PDF + b"a.pdf\r\n\r\n" + CONTENT), b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nsig"
        ),
        {"text": "text", "protection": "signed", "parts": ["1.2", "2"]},
    ),
    "an S/MIME envelope that is only signed": (
        signed(b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "中身".encode()),
        {"text": "中身", "protection": "signed", "attachments": []},
    ),
    "a signed envelope of indefinite lengths, as openssl streams it": (
        signed(b"Content-Type: text/plain\r\n\r\n" + b"word " * 600, indefinite=True),
        {"contains": "word word", "protection": "signed"},
    ),
    "a signed envelope with files in it": (
        signed(inner(b"mixed", b"MM", PLAIN + b"text", PDF + b"a.pdf\r\n\r\n" + CONTENT)),
        {"text": "text", "attachments": [("a.pdf", "application/pdf", 10, "1/2")], "content": {"1/2": b"%PDF-1.4 x"}},
    ),
    "a signed envelope in a signed envelope": (
        signed(b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(signed_envelope(PLAIN + b"deep"))),
        {"text": "deep", "protection": "signed"},
    ),
    "a signed envelope with another type": (signed(PLAIN + b"text", kind=b"application/x-pkcs7-mime"), {"text": "text", "protection": "signed"}),
    "a signed envelope as octet-stream": (
        signed(PLAIN + b"text", kind=b"application/octet-stream; name=smime.p7m"),
        {"text": "text", "protection": "signed"},
    ),
    "an encrypted envelope": (
        mail(b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n", b64(sealed_envelope())),
        {"protection": "encrypted", "contains": "encrypted with S/MIME", "names": ["smime.p7m"]},
    ),
    "an encrypted envelope that only its bytes give away": (
        mail(b"Content-Type: application/x-pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n", b64(sealed_envelope(AUTH_ENVELOPED_DATA))),
        {"protection": "encrypted", "contains": "encrypted"},
    ),
    "an envelope that is rubbish": (
        mail(b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n", b"rubbish"),
        {"protection": None, "names": ["smime.p7m"]},
    ),
    "PGP/MIME encrypted": (
        multipart(
            "encrypted; protocol=application/pgp-encrypted",
            b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
            b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----",
        ),
        {"protection": "encrypted", "contains": "encrypted with PGP", "names": ["", "encrypted.asc"]},
    ),
    "PGP inside a text, signed": (
        mail(
            body=b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhello\r\n- -- \r\nsig\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n"
            b"-----END PGP SIGNATURE-----\r\n"
        ),
        {"text": "hello\n-- \nsig", "protection": "signed"},
    ),
    "PGP inside a text, encrypted, with words around it": (
        mail(body=b"see:\r\n-----BEGIN PGP MESSAGE-----\r\nVersion: x\r\n\r\nhQEM\r\n=abcd\r\n-----END PGP MESSAGE-----\r\nbye"),
        {"text": "see:\n[This part is encrypted with PGP. It cannot be read here; the raw source holds it.]\nbye", "protection": "encrypted"},
    ),
    "a public key in a text is no protection": (
        mail(body=b"-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nx\r\n-----END PGP PUBLIC KEY BLOCK-----"),
        {"protection": None, "contains": "PUBLIC KEY"},
    ),
}  # fmt: skip

LISTS: Cases = {
    "a list id with a name": (mail(b'List-Id: "The Announcements" <announce.example.org>\r\n'), {"list_id": "announce.example.org", "kind": "list"}),
    "a list id without brackets": (mail(b"List-ID: announce.example.org\r\n"), {"list_id": "announce.example.org"}),
    "a list id with an encoded name": (mail(b"List-Id: =?utf-8?B?5p2x?= <east.example.jp>\r\n"), {"list_id": "east.example.jp"}),
    "an ordinary mail has no list": (mail(), {"list_id": "", "kind": "mail", "report": None, "invitation": None, "protection": None}),
}

KINDS: Cases = {
    "a vacation of Exchange": (mail(b"Subject: Automatic reply: x\r\nX-MS-Exchange-Inbox-Rules-Loop: a@x\r\nX-Auto-Response-Suppress: All\r\n"), {"kind": "auto_reply"}),
    "an agent of another ticket system answers": (mail(b"Subject: Re: order\r\nX-Auto-Response-Suppress: All\r\n"), {"kind": "mail"}),
    "x-autoreply-from": (mail(b"X-Autoreply-From: a@x\r\n"), {"kind": "auto_reply"}),
    "x-autorespond": (mail(b"X-Autorespond: yes\r\n"), {"kind": "auto_reply"}),
    "x-autoreply that says no": (mail(b"X-Autoreply: no\r\n"), {"kind": "mail"}),
    "x-precedence": (mail(b"X-Precedence: auto_reply\r\n"), {"kind": "auto_reply"}),
    "delivered to an autoresponder": (mail(b"Delivered-To: Autoresponder\r\n"), {"kind": "auto_reply"}),
    "a machine of FirstClass": (mail(b"X-FC-MachineGenerated: true\r\n"), {"kind": "auto_reply"}),
    "a notification through Amazon": (mail(b"X-AMAZON-MAIL-RELAY-TYPE: notification\r\n"), {"kind": "auto_reply"}),
    "a Japanese notice of absence": (mail("Subject: 不在通知: 山田\r\n".encode()), {"kind": "auto_reply"}),
    "a German out of office": (mail(b"Subject: Abwesenheitsnotiz: Bestellung\r\n"), {"kind": "auto_reply"}),
    "precedence list": (mail(b"Precedence: list\r\n"), {"kind": "list"}),
    "a mailman list without a list id": (mail(b"X-BeenThere: x@example.org\r\n"), {"kind": "list"}),
    "fml, as Japanese lists run it": (mail(b"X-ML-Name: users\r\nX-ML-Count: 42\r\n"), {"kind": "list"}),
    "a complaint by a feedback loop is no bounce": (multipart("report; report-type=feedback-report", PLAIN + b"spam"), {"kind": "mail", "report": None}),
    "a read receipt is no bounce": (
        multipart("report; report-type=disposition-notification", PLAIN + b"read", b"Content-Type: message/disposition-notification\r\n\r\nDisposition: x; displayed"),
        {"kind": "auto_reply", "report": DeliveryReport((DeliveryResult("", "displayed"),))},
    ),
    "a postmaster whose subject says undeliverable": (b"From: postmaster@example.jp\r\nSubject: Undeliverable: order\r\n\r\nx", {"kind": "bounce"}),
    "a date a customer sends along is a mail": (
        multipart("mixed", PLAIN + b"is this day possible?", b"Content-Type: text/calendar; method=PUBLISH\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        {"kind": "mail"},
    ),
}  # fmt: skip

CASES: Cases = {**PROTECTED, **LISTS, **KINDS}
