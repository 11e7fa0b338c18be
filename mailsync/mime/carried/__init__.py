"""What a message carries beside its text: files in holders, invitations, reports, signed and sealed parts."""
