# The real programs, driven by the scripts of this directory; these help them.
KIND := e2e
e2e_PROGS := json find_secrets
e2e_MANUAL := json find_secrets
e2e_NEEDS := base json
