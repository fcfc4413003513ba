"""Layers to comparable layers; every change is counted and reported."""
