"""The engine, the one commit site, and the one place that knows databases apart."""
