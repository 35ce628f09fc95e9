ROOM := serve
serve_SRCS := ask.c attempt.c control.c door.c hook.c judge.c keep.c limiter.c notify.c origin.c \
	schedule.c serve.c show.c sync.c
serve_NEEDS := base json http crypto web schema config source remote run report
serve_TEST_NEEDS := sim sqlite
serve_PKGS :=
