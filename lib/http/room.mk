ROOM := http
http_SRCS := answer.c curl.c exchange.c message.c outcome.c readonly.c transport.c url.c
http_NEEDS := base json
http_PKGS := libcurl
http_TEST_NEEDS := web
