"""The author's loop: the site with live reload."""
