# Whole runs in process, in virtual time, from seeds; and the crash matrix.
KIND := sim
sim_PROGS := dst crash unchanged bench
sim_SRCS_dst := dst.c life.c check.c look.c world.c spec.c ../scenario/older.c
sim_SRCS_crash := crash.c matrix.c check.c look.c world.c spec.c ../scenario/older.c
sim_SRCS_unchanged := unchanged.c hundred.c check.c look.c world.c spec.c ../scenario/older.c
sim_SRCS_bench := bench.c life.c matrix.c hundred.c check.c look.c world.c spec.c ../scenario/older.c
sim_NEEDS := run report schema sim sqlite
sim_BENCH := bench
