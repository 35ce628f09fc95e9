ROOM := sim
sim_SRCS := actions.c assertion.c auth.c bindings.c call.c check.c control.c draft.c dump.c \
	executions.c faults.c load.c log.c module_versions.c modules.c oauth.c query.c reply.c \
	save.c show.c sim.c state.c tables.c transport.c \
	triggers.c versions.c view.c world.c
sim_NEEDS := base json crypto http
sim_PKGS :=
