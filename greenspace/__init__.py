"""greenspace: measure a city's green space as the 国家园林城市 remote-sensing check does."""

__version__ = "0.1.0"
