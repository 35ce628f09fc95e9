ROOM := report
report_SRCS := drift.c explain.c findings.c github.c history.c json.c module.c parts.c \
	past_json.c plan.c saved.c seen.c seen_json.c style.c text.c
report_NEEDS := base finding json model diff plan apply run
report_PKGS :=
