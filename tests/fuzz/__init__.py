"""Everything a stranger or a broken peer can put in, in numbers; `make fuzz` runs it for long."""
