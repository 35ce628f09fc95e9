ROOM := sim
sim_SRCS := actions.c auth.c bindings.c call.c check.c control.c draft.c dump.c faults.c log.c query.c \
	reply.c show.c sim.c state.c tables.c transport.c triggers.c versions.c view.c
sim_NEEDS := base json crypto http
sim_PKGS :=
