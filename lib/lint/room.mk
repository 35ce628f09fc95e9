ROOM := lint
lint_SRCS := code.c content.c deletes.c exports.c flows.c live.c npm.c requires.c secrets.c \
	uses.c want.c
lint_NEEDS := base model js diff
lint_PKGS :=
