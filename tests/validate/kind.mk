# The real program on files that are made to be slow or large, or just many.
KIND := validate
validate_PROGS := hostile tenants
validate_SRCS_hostile := hostile.c measure.c
validate_SRCS_tenants := tenants.c measure.c
validate_NEEDS := base json
validate_BENCH := tenants
validate_FIGURES := hostile
