"""What the store knows of a customer, read in one go."""

from store.domain.query import Field
from store.local.store import LocalStore
from tui.view.customer_lines import MOST_SHOWN, CustomerFacts

MOST_COUNTED = 99


def query_of_customer(address: str) -> str:
    """Every conversation with mail from there, in the language one searches in."""
    return 'from:"{}"'.format(address.replace('"', ""))


def read_customer(store: LocalStore, address: str) -> CustomerFacts:
    """Blocking: ask the store's reader to do it."""
    query = Field("from", address)
    rows = store.page(query, limit=MOST_SHOWN).rows
    return CustomerFacts(address, rows, store.count(query, most=MOST_COUNTED), MOST_COUNTED)
