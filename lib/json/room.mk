ROOM := json
json_SRCS := keys.c parse.c scan.c write.c
json_NEEDS := base
json_PKGS := json-c
