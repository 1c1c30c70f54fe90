"""Other model servers, with onnxruntime under them, each in a virtual environment of its own."""
