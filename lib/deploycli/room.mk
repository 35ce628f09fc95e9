ROOM := deploycli
deploycli_SRCS := action.c deploycli.c document.c file.c flow.c keyword.c rewrite.c ruler.c \
	settings.c
deploycli_NEEDS := base json yaml schema model
deploycli_PKGS :=
