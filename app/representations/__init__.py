"""One pure function a module, from a document to bytes."""
