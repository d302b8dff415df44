"""The open platform on which a small European city runs a jobs-and-skills programme."""

__version__ = "0.1.0"
