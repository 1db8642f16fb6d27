"""Do codes arrive?"""
