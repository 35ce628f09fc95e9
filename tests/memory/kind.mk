# Memory that runs out at the n-th allocation of an apply: see memory.c.
KIND := memory
memory_PROGS := memory
memory_SRCS_memory := memory.c ../sim/check.c ../sim/look.c ../sim/people.c ../sim/spec.c \
	../sim/trouble.c ../sim/world.c ../scenario/older.c
memory_NEEDS := run report schema sim sqlite
memory_LDFLAGS := $(foreach f,calloc realloc _exit tn_run_start tn_sim_call,-Wl,--wrap=$f)
