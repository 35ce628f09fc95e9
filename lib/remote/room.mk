ROOM := remote
remote_SRCS := bucket.c job.c rate.c read.c remote.c retry.c send.c session.c tokens.c
remote_NEEDS := base json http model
remote_TEST_NEEDS := auth0 sim
remote_PKGS :=
