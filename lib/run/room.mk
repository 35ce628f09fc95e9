ROOM := run
run_SRCS := command.c decide.c history.c hold.c look.c node.c past.c prepare.c recall.c \
	repository.c resolve.c rights.c rollback.c run.c saved.c secrets.c stateless.c tenant.c
run_NEEDS := base json http crypto model config deploycli lint diff auth0 plan remote store \
	apply
run_TEST_NEEDS := sim sqlite report schema
run_PKGS :=
