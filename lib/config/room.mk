ROOM := config
config_SRCS := action.c bindings.c connections.c daemon.c domain.c environment.c file.c files.c gather.c \
	merge.c misplaced.c names.c places.c project.c vars.c
config_NEEDS := base yaml json schema model http
config_PKGS :=
