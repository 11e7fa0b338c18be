"""Measures beside their peers, in one run on one machine. They print figures and never decide a test."""
