CMD := tenon
tenon_SRCS := ask.c connect.c look.c main.c options.c perform.c planfile.c
tenon_NEEDS := base finding http schema config source plan run report
