ROOM := schema
schema_SRCS := builtin.c compile.c embedded.S finding.c keyword.c kind.c node.c object.c \
	pattern.c validate.c
schema_NEEDS := base json
schema_PKGS :=
schema_TEST_NEEDS := yaml
