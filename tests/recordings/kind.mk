# Real traffic, replayed through the simulator, and read by the client.
KIND := recordings
recordings_PROGS := replay reads
recordings_SRCS_replay := replay.c compare.c play.c recording.c
recordings_SRCS_reads := reads.c recording.c
recordings_NEEDS := sim auth0
