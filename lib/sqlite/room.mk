ROOM := sqlite
sqlite_SRCS := memdisk.c memfile.c sqlite.c stmt.c vfs.c
sqlite_NEEDS := base
sqlite_PKGS := sqlite3
