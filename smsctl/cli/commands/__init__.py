"""One module for each command, and beside it what its documents and screens say."""
