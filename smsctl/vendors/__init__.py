"""Who is asked: the SMS gateway and the captcha vendors."""
