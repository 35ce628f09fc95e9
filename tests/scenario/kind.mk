# Whole runs told as stories: see scenario.c for what a *.scenario file may say.
KIND := scenario
scenario_PROGS := scenario
scenario_SRCS_scenario := scenario.c older.c play.c script.c ../unit/run/desk.c
scenario_NEEDS := run report schema sim sqlite
