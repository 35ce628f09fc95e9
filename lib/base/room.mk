ROOM := base
base_SRCS := arena.c cancel.c capture.c columns.c diag.c encode.c error.c file.c loop.c \
	loop_real.c loop_virtual.c mem.c process.c quote.c rand.c redactor.c runner.c secret.c \
	secret_mem.c signals.c spawn.c str.c text.c time.c tree.c utf8.c value.c
base_NEEDS :=
base_PKGS :=
base_MALLOC := mem.c
