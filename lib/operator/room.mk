ROOM := operator
operator_SRCS := operator.c service.c
operator_NEEDS := base run
operator_PKGS :=
