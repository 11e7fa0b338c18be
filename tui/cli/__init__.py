"""The same commands as the screens, for scripts: one module a verb group, loaded only when its verb is called."""
