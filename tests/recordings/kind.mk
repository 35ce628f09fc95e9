# Real traffic, replayed through the simulator.
KIND := recordings
recordings_PROGS := replay
recordings_SRCS_replay := replay.c compare.c play.c recording.c
recordings_NEEDS := sim
