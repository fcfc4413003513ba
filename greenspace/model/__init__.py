"""The shared vocabulary: frozen values that every room speaks, and no files."""
