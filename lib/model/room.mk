ROOM := model
model_SRCS := action.c execution.c flow.c from_value.c module.c rights.c tenant.c to_value.c \
	want.c
model_NEEDS := base
model_PKGS :=
model_TEST_NEEDS := json
