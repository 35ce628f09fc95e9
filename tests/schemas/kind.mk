# Says what our engine thinks of documents: tests/e2e/schemas.sh compares it with ajv.
KIND := schemas
schemas_PROGS := verdict
schemas_MANUAL := verdict
schemas_NEEDS := base json schema
