"""Where `flask` and WSGI servers look for the application."""

from app import create_app

__all__ = ["create_app"]
