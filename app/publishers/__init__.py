"""Publishers: whose articles they are."""
