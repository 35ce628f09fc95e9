# Projects of very many tenants, actions and files.
KIND := many
many_PROGS := bench
many_NEEDS := base schema config lint auth0
many_BENCH := bench
