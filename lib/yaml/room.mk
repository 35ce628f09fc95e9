ROOM := yaml
yaml_SRCS := build.c parse.c problem.c
yaml_NEEDS := base
yaml_PKGS := yaml-0.1
