ROOM := source
source_SRCS := dir.c revision.c source.c
source_NEEDS := base git
source_PKGS :=
