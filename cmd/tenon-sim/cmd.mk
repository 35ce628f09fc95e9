CMD := tenon-sim
tenon-sim_SRCS := main.c options.c server.c
tenon-sim_NEEDS := sim web
