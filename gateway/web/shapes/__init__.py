"""The JSON of the API as pydantic models: requests are validated by them, answers described."""
