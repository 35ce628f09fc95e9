# Every finding by an example: see cases.c.
KIND := findings
findings_PROGS := cases
findings_SRCS_cases := cases.c ../scenario/older.c ../scenario/play.c ../scenario/script.c ../unit/run/desk.c
findings_NEEDS := run report schema sim sqlite finding
