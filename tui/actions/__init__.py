"""What the keys do: one small function a command, named as in `tui.view.commands`."""
