"""How limits and codes are kept: Redis and its Lua scripts, and the embedded server."""
