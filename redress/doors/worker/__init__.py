"""The public pages: a worker files a demand and follows it; no account, no cookie."""
