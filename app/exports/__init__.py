"""All content, for copies of it elsewhere: in the order of ids, and as digests."""
