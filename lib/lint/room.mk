ROOM := lint
lint_SRCS := live.c npm.c want.c
lint_NEEDS := base model
lint_PKGS :=
