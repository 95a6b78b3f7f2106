"""How the bot compares with bare libraries doing the same work: `make bench`."""
