"""Settings in TOML, secrets in the keyring, hand-kept data in TinyDB, and the home they lie in."""
