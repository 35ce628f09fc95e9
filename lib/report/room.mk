ROOM := report
report_SRCS := drift.c json.c parts.c plan.c style.c text.c
report_NEEDS := base json model diff plan apply run
report_PKGS :=
