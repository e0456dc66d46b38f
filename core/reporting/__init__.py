"""What can be read: orders, documents, evidence and lists, in the shapes of the public contracts."""
