"""The console: its modules by themselves, its pages in Chromium, the whole of it on a local cloud."""
