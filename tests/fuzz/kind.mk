# Targets for fuzzing: each fuzz_NAME.c here, with its seeds in corpus/NAME. `make test`
# replays the corpora; in the flavour "fuzz" libFuzzer takes the place of the driver.
KIND := fuzz
fuzz_TARGETS := $(sort $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c)))
fuzz_PROGS := $(fuzz_TARGETS)
$(foreach t,$(fuzz_TARGETS),$(eval fuzz_SRCS_$t := $t.c files.c must.c \
	$(if $(filter fuzz,$(FLAVOUR)),,driver.c)))
fuzz_NEEDS := base yaml json http git schema js config deploycli lint auth0 plan remote run report sim
fuzz_PKGS := libgit2
fuzz_LDFLAGS := $(if $(filter fuzz,$(FLAVOUR)),-fsanitize=fuzzer)
