"""Sections: the tree that a newsroom files its articles in."""
