ROOM := run
run_SRCS := decide.c prepare.c run.c secrets.c tenant.c
run_NEEDS := base json http crypto model config lint diff auth0 plan remote store apply
run_TEST_NEEDS := sim sqlite report schema
run_PKGS :=
