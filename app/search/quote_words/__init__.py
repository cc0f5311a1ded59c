"""The index of the words of quotes, by which a wording is checked: whole, and of every quote."""
