ROOM := apply
apply_SRCS := action.c apply.c delete.c deploy.c draft.c flow.c forward.c gate.c journal.c kind.c \
	merge.c module.c move.c name.c past.c poll.c recover.c settle.c stop.c undo.c verify.c
apply_NEEDS := base json model plan remote store
apply_TEST_NEEDS := auth0 sim diff sqlite
apply_PKGS :=
