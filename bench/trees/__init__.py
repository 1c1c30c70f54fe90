"""The benchmark of forests: our extension through the whole of OpenVINO beside onnxruntime and others."""
