"""What Alibaba Cloud wrote down of messages: receipts one by one, and how many went out on a day.

Reads alone. No text of a message leaves this package: the vendor's records have the code in it.
"""
