"""What answers across resources."""
