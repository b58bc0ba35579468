"""Makes what readers see: fragments, figures, tables, notebook pages, copies."""
