"""What is shown, decided without a screen: no module here imports Textual."""
