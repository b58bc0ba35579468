"""Makes what the pages include, and refuses pages that show what nobody ran."""
