"""Comparable layers to ratios; no files, no words, no colours."""
