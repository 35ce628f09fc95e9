ROOM := crypto
crypto_SRCS := fail.c hash.c jwt.c key.c sign.c
crypto_NEEDS := base
crypto_PKGS := libcrypto
