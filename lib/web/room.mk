ROOM := web
web_SRCS := listen.c reply.c web.c
web_NEEDS := base
web_PKGS := libmicrohttpd
