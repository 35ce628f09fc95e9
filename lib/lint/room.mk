ROOM := lint
lint_SRCS := content.c flows.c later.c live.c npm.c want.c
lint_NEEDS := base model diff
lint_PKGS :=
