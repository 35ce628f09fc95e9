ROOM := source
source_SRCS := cache.c command.c dir.c fetch.c location.c refs.c revision.c source.c subtree.c
source_NEEDS := base crypto git http
source_PKGS :=
