"""Orders by mail and fax: the door that keeps them, the process that reads them, the worker that has them judged."""
