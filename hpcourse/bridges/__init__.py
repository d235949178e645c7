"""Bridges to other libraries: one file for each, which alone speaks it."""
