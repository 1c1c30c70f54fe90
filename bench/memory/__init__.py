"""What loading a forest takes and what serving it keeps."""
