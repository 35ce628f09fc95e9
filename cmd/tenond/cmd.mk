CMD := tenond
tenond_SRCS := daemon.c keys.c main.c options.c places.c settings.c tell.c
tenond_NEEDS := base json http schema config source run report serve operator
