"""What readers, televisions and playlists poll: a selection of articles, in a format."""
