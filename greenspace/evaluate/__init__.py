"""Ratios and criteria to verdicts."""
