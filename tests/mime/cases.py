"""The corpus of difficult mail: every case by its name, from the files that hold them by subject."""

from tests.mime import cases_addresses, cases_charsets, cases_dates, cases_flowed, cases_headers, cases_html, cases_kinds, cases_names, cases_parts
from tests.mime.mails import CONTENT, HEAD, HTML, PDF, PLAIN, Case, b64, mail, multipart, text_part

__all__ = ["CASES", "CONTENT", "HEAD", "HTML", "PDF", "PLAIN", "Case", "b64", "mail", "multipart", "text_part"]

SUBJECTS = (cases_addresses, cases_charsets, cases_dates, cases_flowed, cases_headers, cases_html, cases_kinds, cases_names, cases_parts)
"""A file of cases is a module with a dict `CASES` of its own; it is listed here."""

CASES: dict[str, Case] = {name: case for subject in SUBJECTS for name, case in subject.CASES.items()}
