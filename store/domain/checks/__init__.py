"""The send check's parts: each looks at one side of a draft; `store.domain.checks.table` has all of them."""
