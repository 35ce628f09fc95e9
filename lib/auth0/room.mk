ROOM := auth0
auth0_SRCS := answer.c body.c error.c execution.c module.c object.c part.c provider.c request.c token.c
auth0_NEEDS := base json http crypto model
auth0_PKGS :=
