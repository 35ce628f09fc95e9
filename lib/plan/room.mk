ROOM := plan
plan_SRCS := build.c digest.c plan.c value.c
plan_NEEDS := base json crypto model diff
plan_PKGS :=
