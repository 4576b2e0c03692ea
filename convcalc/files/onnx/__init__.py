"""Networks as .onnx files: what other programs export, read without the numbers they learned."""
