ROOM := finding
finding_SRCS := code.c connections.c daemon.c deploycli.c document.c finding.c form.c limits.c \
	project.c tenant.c
finding_NEEDS := base
finding_PKGS :=
