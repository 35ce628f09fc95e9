CMD := tenon
tenon_SRCS := ask.c connect.c control.c look.c main.c options.c perform.c planfile.c status.c
tenon_NEEDS := base json finding http schema config source plan run report operator
