ROOM := auth0
auth0_SRCS := answer.c error.c object.c provider.c request.c token.c
auth0_NEEDS := base json http crypto model
auth0_PKGS :=
