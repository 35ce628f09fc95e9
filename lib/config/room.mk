ROOM := config
config_SRCS := bindings.c code.c connections.c domain.c project.c
config_NEEDS := base yaml schema model http
config_PKGS :=
