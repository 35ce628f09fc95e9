ROOM := store
store_SRCS := content.c history.c holds.c lock.c migrate.c past.c prune.c read.c sqlite.c \
	store.c write.c
store_NEEDS := base crypto json sqlite model
store_PKGS :=
