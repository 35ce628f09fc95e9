# Whole runs in process, in virtual time, from seeds; and trouble at every place of one.
KIND := sim
sim_WORLD := check.c look.c people.c spec.c trouble.c world.c ../scenario/older.c
sim_PROGS := dst crash properties unchanged bench
sim_SRCS_dst := dst.c life.c aim.c $(sim_WORLD)
sim_SRCS_crash := crash.c matrix.c $(sim_WORLD)
sim_SRCS_properties := properties.c $(sim_WORLD)
sim_SRCS_unchanged := unchanged.c hundred.c $(sim_WORLD)
sim_SRCS_bench := bench.c life.c aim.c matrix.c hundred.c $(sim_WORLD)
sim_NEEDS := run report schema sim sqlite
sim_BENCH := bench
