"""The roles of the Procfile, each wired together here and nowhere else: the composition root."""
