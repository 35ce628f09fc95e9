CMD := tenon-sim
tenon-sim_SRCS := keep.c main.c options.c server.c values.c
tenon-sim_NEEDS := sim json web
