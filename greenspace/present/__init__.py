"""Values to pictures, tables and words; the only room that writes."""
