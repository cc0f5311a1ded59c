"""What is served, as typed models: the shape of every JSON document."""
