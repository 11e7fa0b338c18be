"""What paints: Line-API widgets that show what `tui.view` decided."""
