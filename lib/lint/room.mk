ROOM := lint
lint_SRCS := flows.c live.c npm.c want.c
lint_NEEDS := base model diff
lint_PKGS :=
