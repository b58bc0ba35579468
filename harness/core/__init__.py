"""What everything else is about: the tree, problems, snippets, pages, records."""
