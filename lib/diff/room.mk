ROOM := diff
diff_SRCS := action.c diff.c flow.c lines.c match.c module.c removal.c secret.c
diff_NEEDS := base model
diff_PKGS :=
