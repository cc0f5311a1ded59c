"""API keys over HTTP: made, limited, rotated and revoked by those who may manage them."""
