ROOM := plan
plan_SRCS := basis.c build.c cost.c digest.c moved.c names.c plan.c saved.c value.c
plan_NEEDS := base json crypto model diff
plan_PKGS :=
