"""The pages are read as a newcomer reads them: everything that they say to type is typed."""
