ROOM := store
store_SRCS := lock.c migrate.c read.c sqlite.c store.c write.c
store_NEEDS := base crypto sqlite model
store_PKGS :=
