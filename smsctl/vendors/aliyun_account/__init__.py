"""What Alibaba Cloud says of an account: its qualification, signature, templates and permissions.

Reads, and one request that is turned down whatever happens; nothing here sends or changes anything.
"""
