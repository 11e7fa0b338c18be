"""What stands in a header block: fields, addresses, dates, ids, and what kind of mail they say it is."""
