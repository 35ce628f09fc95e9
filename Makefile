# tenon: one Makefile, not recursive. `make help` lists what it can do.
#
# Rooms (lib/*/room.mk), programs (cmd/*/cmd.mk) and kinds of tests (tests/*/kind.mk) say
# what they are made of; the rest follows. lib/README.md explains rooms and floors.

FLAVOUR ?= release
WERROR  ?= 1
ifeq ($(origin CC),default)
CC := gcc
endif

# "fuzz" is for clang's libFuzzer, see tests/fuzz; "coverage" for gcov.
FLAVOURS := release debug asan fuzz coverage
ifeq ($(filter $(FLAVOUR),$(FLAVOURS)),)
$(error FLAVOUR is one of: $(FLAVOURS))
endif

# Objects of every flavour and compiler stand side by side: build/asan, build/asan-clang.
IS_CLANG := $(findstring clang,$(notdir $(CC)))
B        := build/$(FLAVOUR)$(if $(IS_CLANG),-clang)
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' '$1' '$2')

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# As many jobs as there are processors, unless the caller chose; the command line wins.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
ifneq ($(filter clean packages,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

# --- Flags -----------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum -Wvla -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual \
	-Wwrite-strings -Wundef $(if $(filter-out 0,$(WERROR)),-Werror)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
flavour_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
flavour_debug   := -O0 -g3
flavour_asan    := -O1 -g -fno-omit-frame-pointer $(SANITIZE)
flavour_fuzz    := $(flavour_asan) -fsanitize=fuzzer-no-link
flavour_coverage := -O0 -g --coverage -fprofile-update=atomic
flavour_link_release := -Wl,-z,relro,-z,now
flavour_link_asan    := $(SANITIZE)
flavour_link_fuzz    := $(SANITIZE)
flavour_link_coverage := --coverage

BASE_CFLAGS := -std=gnu17 -D_GNU_SOURCE -fPIE $(flavour_$(FLAVOUR)) $(WARNINGS) -Ilib
BASE_LINK   := -pie $(flavour_link_$(FLAVOUR))
# The list of banned functions stands before the first line of whatever we ship.
BAN         := -include lib/base/banned.h

# --- What there is ---------------------------------------------------------------------
# Every fragment is read with its own variables empty and then moved to names that carry
# where it came from, as a room, a program and a kind of test may have the same name.

ROOMS :=
CMDS  :=
KINDS :=

# $(call read,FILE,ROOM or CMD or KIND,LIST,NAMESPACE)
define read
$2 :=
include $1
ifneq ($$($2),$(notdir $(patsubst %/,%,$(dir $1))))
$$(error $1 calls itself "$$($2)", which is not the name of its directory)
endif
$3 += $$($2)
$$(foreach v,$$(filter $$($2)_%,$$(.VARIABLES)),\
	$$(eval $4.$$(v) := $$(value $$(v)))$$(eval undefine $$(v)))
endef
$(foreach f,$(sort $(wildcard lib/*/room.mk)),$(eval $(call read,$f,ROOM,ROOMS,room)))
$(foreach f,$(sort $(wildcard cmd/*/cmd.mk)),$(eval $(call read,$f,CMD,CMDS,cmd)))
$(foreach f,$(sort $(wildcard tests/*/kind.mk)),$(eval $(call read,$f,KIND,KINDS,kind)))

# Rooms sorted so that whoever needs another stands before it: the order for the linker.
ORDER :=
SEEN  :=
define visit
$(if $(filter $1,$(STACK)),$(error rooms need each other in a circle: $(STACK) $1))
$(if $(filter $1,$(SEEN)),,\
	$(eval SEEN += $1)$(eval STACK += $1)\
	$(foreach n,$(room.$1_NEEDS),$(call visit,$n))\
	$(eval STACK := $(filter-out $1,$(STACK)))\
	$(eval closure.$1 := $(sort $1 $(foreach n,$(room.$1_NEEDS),$(closure.$n))))\
	$(eval ORDER := $1 $(ORDER)))
endef
$(foreach r,$(ROOMS),$(call visit,$r))

# $(call rooms,NAMES): the rooms with all they need, in linking order
rooms = $(filter $(foreach n,$1,$(closure.$n)),$(filter $(ROOMS),$(ORDER)))
# $(call archives,ROOMS) and $(call room_pkgs,ROOMS)
archives  = $(patsubst %,$(B)/lib/%.a,$1)
room_pkgs = $(sort $(foreach r,$1,$(room.$r_PKGS)))

# --- Libraries: pkg-config is asked once for each ----------------------------------------

PKGS := $(call room_pkgs,$(ROOMS))
PKGS += $(filter-out $(PKGS),$(sort cmocka $(foreach k,$(KINDS),$(kind.$k_PKGS))))
TEST_ONLY_PKGS := $(filter-out $(call room_pkgs,$(ROOMS)),$(PKGS))
define find_pkg
answer := $$(shell pkg-config --cflags --libs $1 2>/dev/null || echo missing)
ifeq ($$(answer),missing)
MISSING += $1
else
pkg_cflags.$1 := $$(patsubst -I%,-isystem %,\
	$$(filter-out -I/usr/include/$$(TRIPLET) -l% -L% -Wl%,$$(answer)))
pkg_libs.$1 := $$(filter -l% -L% -Wl% -pthread,$$(answer))
endif
endef
MISSING :=
NO_BUILD := help clean uninstall format check-format packages demo test check-all check-static check-valgrind coverage fuzz unit-%
ifneq ($(filter-out $(NO_BUILD),$(or $(MAKECMDGOALS),all)),)
TRIPLET := $(shell $(CC) -print-multiarch 2>/dev/null || $(CC) -dumpmachine 2>/dev/null)
$(foreach p,$(PKGS),$(eval $(call find_pkg,$p)))
MISSING := $(if $(shell command -v $(CC) 2>/dev/null),,$(CC)) $(MISSING)
endif
cflags_of = $(sort $(foreach p,$1,$(pkg_cflags.$p)))
libs_of   = $(foreach p,$1,$(pkg_libs.$p))

need_packages = $(if $(strip $1),@echo "missing on this machine: $(strip $1)" >&2; \
	echo "run 'make packages' (as root) to install what the build needs" >&2; exit 1,@:)
.PHONY: have-packages have-test-packages
have-packages:
	$(call need_packages,$(filter-out $(TEST_ONLY_PKGS),$(MISSING)))
have-test-packages:
	$(call need_packages,$(MISSING))

# --- Compiling -------------------------------------------------------------------------

# $(call objects,SOURCES); flags.SOURCE holds what one source needs beyond the common.
objects = $(patsubst %,$(B)/obj/%.o,$(basename $1))
compile = $(CC) $(BASE_CFLAGS) $(flags.$1) $(CPPFLAGS) $(CFLAGS)

ALL_SRCS :=
# $(call sources,FILES,FLAGS,FRAGMENT that lists them)
define sources
$(foreach s,$1,$(eval flags.$s := $2)$(eval $(call objects,$s): $s $3))
ALL_SRCS += $1
endef

# The recipe's own flags are a prerequisite: other flags, other objects.
FLAGS_NOW := $(CC) $(BASE_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(BASE_LINK) $(LDFLAGS)
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' >$@
.PHONY: FORCE

$(B)/obj/%.o: %.c $(B)/flags | have-packages
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(call compile,$<) -MMD -MP -c -o $@ $<

# Assembly is how files get into a program; such a file is named by .incbin, unseen by -M.
$(B)/obj/%.o: %.S $(wildcard schemas/*.json) $(B)/flags | have-packages
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -Wa,--noexecstack -Wa,-I. -c -o $@ $<

define room_rules
$(call sources,$(addprefix lib/$1/,$(room.$1_SRCS)),\
	$(BAN) $(call cflags_of,$(room.$1_PKGS)),lib/$1/room.mk)
$(foreach s,$(addprefix lib/$1/,$(room.$1_MALLOC)),\
	$(eval flags.$s += -DTN_BANNED_ALLOW_MALLOC))
$(B)/lib/$1.a: $(call objects,$(addprefix lib/$1/,$(room.$1_SRCS))) lib/$1/room.mk
	$$(call say,AR,$$@)
	@mkdir -p $$(@D)
	$(Q)rm -f $$@.$$$$$$$$ && ar rcs $$@.$$$$$$$$ $$(filter %.o,$$^) && mv $$@.$$$$$$$$ $$@
endef
$(foreach r,$(ROOMS),$(eval $(call room_rules,$r)))

# --- Programs --------------------------------------------------------------------------

# $(call program,TARGET,SOURCES,ROOMS,PACKAGES,LINK FLAGS)
define program
$1: $(call objects,$2) $(call archives,$(call rooms,$3))
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) $(BASE_LINK) $(LDFLAGS) $5 -o $$@ $$(filter %.o,$$^) \
		$$(filter %.a,$$^) $(call libs_of,$(call room_pkgs,$(call rooms,$3)) $4)
endef

PROGRAMS := $(addprefix $(B)/bin/,$(CMDS))
define cmd_rules
$(call sources,$(addprefix cmd/$1/,$(cmd.$1_SRCS)),$(BAN),cmd/$1/cmd.mk)
$(call program,$(B)/bin/$1,$(addprefix cmd/$1/,$(cmd.$1_SRCS)),$(cmd.$1_NEEDS))
endef
$(foreach c,$(CMDS),$(eval $(call cmd_rules,$c)))

# The released programs are also found directly below build/.
TOP_PROGRAMS := $(if $(filter build/release,$(B)),$(addprefix build/,$(CMDS)))
$(TOP_PROGRAMS): build/%: $(B)/bin/%
	@ln -sf release/bin/$* $@

.PHONY: all build libs tests
all: build
build: $(PROGRAMS) $(TOP_PROGRAMS)
libs: $(call archives,$(ROOMS))

# --- Schemas: an unknown keyword fails the build ---------------------------------------

ifneq ($(wildcard tests/tools/schema_check.c),)
SCHEMA_CHECK := $(B)/tests/tools/schema-check
$(eval $(call sources,tests/tools/schema_check.c,-Itests))
$(eval $(call program,$(SCHEMA_CHECK),tests/tools/schema_check.c,schema))
$(B)/schemas.checked: $(SCHEMA_CHECK) $(wildcard schemas/*.json)
	$(call say,CHECK,schemas/*.json)
	$(Q)$(SCHEMA_CHECK) $(sort $(wildcard schemas/*.json))
	@touch $@
$(foreach r,$(filter-out $(closure.schema),$(ROOMS)),$(if $(filter schema,$(closure.$r)),\
	$(eval $(B)/lib/$r.a: $(B)/schemas.checked)))
$(foreach c,$(CMDS),$(if $(filter schema,$(call rooms,$(cmd.$c_NEEDS))),\
	$(eval $(B)/bin/$c: $(B)/schemas.checked)))
endif

# --- Tests -----------------------------------------------------------------------------
# UNIT_TESTS and KIND_TESTS are programs; each is known to the runner as how:path.

UNIT_TESTS :=
# tests/unit/ROOM/test_X.c is a program; other sources beside it are linked to each.
define unit_rules
unit_srcs.$1 := $(sort $(wildcard tests/unit/$1/test_*.c))
unit_more.$1 := $(filter-out tests/unit/$1/test_%,$(sort $(wildcard tests/unit/$1/*.c)))
unit_tests.$1 := $$(patsubst tests/unit/$1/%.c,$(B)/tests/unit/$1/%,$$(unit_srcs.$1))
UNIT_TESTS += $$(unit_tests.$1)
endef
UNIT_ROOMS := $(patsubst tests/unit/%/,%,$(sort $(dir $(wildcard tests/unit/*/*.c))))
$(foreach r,$(UNIT_ROOMS),$(eval $(call unit_rules,$r)))
$(foreach r,$(UNIT_ROOMS),$(eval $(call sources,$(unit_srcs.$r) $(unit_more.$r),\
	-Itests $(call cflags_of,cmocka $(room.$r_PKGS)))))
$(foreach r,$(UNIT_ROOMS),$(foreach s,$(unit_srcs.$r),$(eval $(call program,\
	$(patsubst %.c,$(B)/%,$s),$s $(unit_more.$r),\
	$(filter $r,$(ROOMS)) $(room.$r_TEST_NEEDS),cmocka))))

KIND_TESTS :=
BENCHES :=
MANUALS :=
# $(call kind_srcs,KIND,PROGRAM): ../DIR/X.c is a source of another directory of tests/
kind_srcs = $(patsubst tests/$1/../%,tests/%,\
	$(addprefix tests/$1/,$(or $(kind.$1_SRCS_$2),$2.c)))
define kind_rules
$(call sources,$(sort $(foreach p,$(kind.$1_PROGS),$(call kind_srcs,$1,$p))),\
	-Itests $(call cflags_of,$(kind.$1_PKGS)) $(kind.$1_CFLAGS),tests/$1/kind.mk)
$(foreach p,$(kind.$1_PROGS),$(eval $(call program,$(B)/tests/$1/$p,$(call kind_srcs,$1,$p),\
	$(kind.$1_NEEDS),$(kind.$1_PKGS),$(kind.$1_LDFLAGS))))
KIND_TESTS += $(foreach p,$(filter-out $(kind.$1_MANUAL) $(kind.$1_BENCH),$(kind.$1_PROGS)),\
	$(if $(filter cmocka,$(kind.$1_PKGS)),cmocka,tap):$(B)/tests/$1/$p)
BENCHES += $(addprefix $(B)/tests/$1/,$(kind.$1_BENCH) $(kind.$1_FIGURES))
MANUALS += $(addprefix $(B)/tests/$1/,$(kind.$1_MANUAL))
endef
$(foreach k,$(KINDS),$(eval $(call kind_rules,$k)))

ALL_SRCS := $(sort $(ALL_SRCS))
TEST_SRCS := $(filter-out tests/tools/%,$(filter tests/%,$(ALL_SRCS)))
$(call objects,$(TEST_SRCS)): | have-test-packages

TEST_PROGRAMS := $(UNIT_TESTS) $(foreach t,$(KIND_TESTS),$(lastword $(subst :, ,$t)))
SCRIPT_TESTS  := $(addprefix tap:,$(sort $(wildcard tests/e2e/*.sh)))
LINTS         := $(addprefix tap:,$(sort $(wildcard tests/tools/lint-* tests/tools/*-selftest)))
EVERY_TEST    := $(LINTS) $(SCRIPT_TESTS) $(KIND_TESTS) $(addprefix cmocka:,$(UNIT_TESTS))
# First what takes longest: a checkout that has never run it does not know.
SLOW_TESTS    := %/sim/dst %/sim/crash %/serve/test_life
ALL_TESTS     := $(filter $(SLOW_TESTS),$(EVERY_TEST)) $(filter-out $(SLOW_TESTS),$(EVERY_TEST))
RUN           := TN_BUILD=$(B) CC='$(CC)' tests/tools/run-tests

tests: $(TEST_PROGRAMS) $(MANUALS)

.PHONY: test run-tests bench
# What everybody runs: installs what is missing, builds, lints, tests.
test:
	@tests/tools/packages test
	@tests/tools/npm
	+@$(MAKE) --no-print-directory FLAVOUR=asan WERROR=1 CC=gcc run-tests

run-tests: build libs tests
	@$(RUN) $(ALL_TESTS)

# make unit-ROOM: one room's tests, under the sanitizers unless FLAVOUR says otherwise
UNIT_FLAVOUR := $(if $(filter file,$(origin FLAVOUR)),asan,$(FLAVOUR))
unit-%:
	+@$(MAKE) --no-print-directory FLAVOUR=$(UNIT_FLAVOUR) run-unit-$*
define unit_run
.PHONY: run-unit-$1
run-unit-$1: $(unit_tests.$1)
	@$(RUN) $(addprefix cmocka:,$(unit_tests.$1))
endef
$(foreach r,$(UNIT_ROOMS),$(eval $(call unit_run,$r)))
run-unit-%:
	@echo 'there is no tests/unit/$*/test_*.c' >&2; exit 1

# Figures, each with its aim where there is one; none is judged.
bench: $(BENCHES) $(PROGRAMS)
	@set -e; for b in $(BENCHES); do echo; TN_BUILD=$(B) $$b; done

# A thousand tenants in one daemon for a minute; prints figures, and says whether all is well.
.PHONY: soak
SOAK_SECONDS ?= 60
SOAK_TENANTS ?= 1000
soak:
	@tests/tools/packages test
	+@$(MAKE) --no-print-directory FLAVOUR=release CC=gcc build
	@node tests/soak/soak.cjs build/release/bin $(SOAK_SECONDS) $(SOAK_TENANTS)

# --- The long tier ---------------------------------------------------------------------

# valgrind looks at what the sanitizers do not: the use of bytes that nobody wrote.
VALGRIND_ROOMS := base json yaml schema model plan
# Debian 12's valgrind does not know the call that waits for a child (pidfd_open).
VALGRIND_TESTS := $(filter-out %/base/test_process,\
	$(foreach r,$(VALGRIND_ROOMS),$(unit_tests.$r)))
# Seeds of the deterministic simulation beyond those of `make test`, in the fast flavour.
LONG_SEEDS ?= 30000
.PHONY: check-all check-valgrind run-valgrind
check-valgrind:
	+@$(MAKE) --no-print-directory FLAVOUR=debug WERROR=1 CC=gcc run-valgrind
run-valgrind: $(VALGRIND_TESTS)
	@TEST_WRAP='valgrind -q --leak-check=full --error-exitcode=9' \
		$(RUN) $(addprefix cmocka:,$(VALGRIND_TESTS))

# clang-tidy and cppcheck read what we ship.
.PHONY: check-static
check-static:
	@tests/tools/packages all
	+@$(MAKE) --no-print-directory compile_commands.json
	@tests/tools/analyse

# Which lines of each room the tests run, by gcov.
.PHONY: coverage run-coverage
coverage:
	@tests/tools/packages test
	@tests/tools/npm
	@mkdir -p build/coverage && find build/coverage -name '*.gcda' -delete
	+@$(MAKE) --no-print-directory FLAVOUR=coverage WERROR=1 CC=gcc run-coverage
run-coverage: run-tests
	@tests/tools/coverage $(B) $(ROOMS)

# libFuzzer looks for new inputs to each target of tests/fuzz, or to those of TARGETS, for
# so many seconds.
FUZZ_TIME ?= 60
.PHONY: fuzz run-fuzz
fuzz:
	@tests/tools/packages fuzz
	+@$(MAKE) --no-print-directory FLAVOUR=fuzz WERROR=1 CC=clang run-fuzz
FUZZ_TARGETS := $(addprefix $(B)/tests/fuzz/,$(or $(addprefix fuzz_,$(TARGETS)),$(kind.fuzz_PROGS)))
run-fuzz: $(FUZZ_TARGETS)
	@TN_BUILD=$(B) tests/fuzz/run $(FUZZ_TIME) $^

check-all:
	@tests/tools/packages all
	+@$(MAKE) --no-print-directory check-format
	+@$(MAKE) --no-print-directory test
	+@$(MAKE) --no-print-directory check-static
	+@$(MAKE) --no-print-directory coverage
	@tests/planted/run
	+@$(MAKE) --no-print-directory FLAVOUR=release WERROR=1 CC=clang build libs tests
	+@$(MAKE) --no-print-directory FLAVOUR=release WERROR=1 CC=gcc build libs tests
	@build/release/tests/sim/dst --seeds $(LONG_SEEDS) 10001
	+@$(MAKE) --no-print-directory FLAVOUR=debug WERROR=1 CC=gcc build libs tests
	+@TN_LONG=1 TEST_LIMIT=1200 \
		$(MAKE) --no-print-directory FLAVOUR=asan WERROR=1 CC=clang run-tests
	+@$(MAKE) --no-print-directory check-valgrind
	+@$(MAKE) --no-print-directory fuzz
	@tests/tools/debootstrap-test
	@echo 'check-all: everything passed'

# --- Installing ------------------------------------------------------------------------
# What a package would hold: the programs, the schemas for editors, the words and the examples.
# DESTDIR stands before every path, and is no part of what is installed.

PREFIX ?= /usr/local
bindir  := $(DESTDIR)$(PREFIX)/bin
datadir := $(DESTDIR)$(PREFIX)/share/tenon
docdir  := $(DESTDIR)$(PREFIX)/share/doc/tenon
mandir  := $(DESTDIR)$(PREFIX)/share/man
unitdir := $(DESTDIR)$(PREFIX)/lib/systemd/system
MANUALS_OF := $(sort $(wildcard cmd/*/*.[1-8]))
UNITS      := $(sort $(wildcard cmd/*/*.service cmd/*/*.timer))
man_path    = $(mandir)/man$(patsubst .%,%,$(suffix $1))/$(notdir $1)

.PHONY: install uninstall
install: build
	@$(foreach c,$(CMDS),install -D -m 755 $(B)/bin/$c '$(bindir)/$c' &&) true
	@install -d '$(datadir)/schemas' '$(docdir)'
	@install -m 644 $(wildcard schemas/*.json) '$(datadir)/schemas/'
	@install -m 644 $(wildcard README.md CHANGELOG.md) '$(docdir)/'
	@rm -rf '$(docdir)/examples' && cp -R examples '$(docdir)/'
	@chmod -R u=rwX,go=rX '$(docdir)/examples'
	@$(foreach m,$(MANUALS_OF),install -D -m 644 $m '$(call man_path,$m)' &&) true
	@install -d '$(unitdir)'
	@$(foreach u,$(UNITS),sed 's|@BINDIR@|$(PREFIX)/bin|' $u >'$(unitdir)/$(notdir $u)' && \
		chmod 644 '$(unitdir)/$(notdir $u)' &&) true

uninstall:
	@rm -f $(foreach c,$(CMDS),'$(bindir)/$c')
	@rm -f $(foreach m,$(MANUALS_OF),'$(call man_path,$m)') \
		$(foreach u,$(UNITS),'$(unitdir)/$(notdir $u)')
	@rm -rf '$(datadir)' '$(docdir)'

# --- Everything else ---------------------------------------------------------------------

.PHONY: packages demo compile_commands.json clean format check-format help
packages:
	@tests/tools/packages build

demo:
	@tests/tools/packages build
	+@$(MAKE) --no-print-directory FLAVOUR=release CC=gcc build
	@bash examples/demo.sh

# For editors and clang-tidy: one entry for every source, by the flags of this flavour.
comma := ,
compile_commands.json: build/compile_commands.json
build/compile_commands.json: FORCE | have-packages
	@mkdir -p $(@D)
	$(file >$@.new,[)
	$(foreach s,$(filter %.c,$(ALL_SRCS)),$(file >>$@.new,{"directory": "$(CURDIR)"$(comma) \
		"file": "$s"$(comma) "command": "$(subst ",\",$(call compile,$s)) -c $s"},))
	@sed -i '$$s/,$$//; $$a]' $@.new && mv $@.new $@ && echo $@

clean:
	rm -rf build

C_FILES = $(shell find lib cmd tests -name '*.[ch]' 2>/dev/null)
format:
	@clang-format -i $(C_FILES)
check-format:
	@clang-format --dry-run -Werror $(C_FILES)

help:
	@echo 'make                the programs: $(addprefix build/,$(CMDS))'
	@echo 'make packages       installs the Debian packages that the build needs (as root)'
	@echo 'make test           builds under the sanitizers, lints, runs every test'
	@echo 'make unit-ROOM      the unit tests of one room: $(UNIT_ROOMS)'
	@echo 'make check-static   clang-tidy and cppcheck'
	@echo 'make coverage       lines of each room that the tests run'
	@echo 'make check-all      the long tier: clang, debug, valgrind, fuzzing, a fresh Debian'
	@echo 'make fuzz           looks for inputs that break a parser: TARGETS=yaml FUZZ_TIME=600'
	@echo 'make bench          measurements'
	@echo 'make soak           a thousand tenants in one daemon, SOAK_SECONDS=$(SOAK_SECONDS)'
	@echo 'make install        the programs, schemas and examples below PREFIX=$(PREFIX)'
	@echo 'make demo           a tour on a local tenant'
	@echo 'make format         clang-format over our files; check-format only looks'
	@echo 'make compile_commands.json   for editors'
	@echo 'make clean          removes build/'
	@echo 'Variables: FLAVOUR=$(subst $() ,|,$(FLAVOURS)) CC=gcc|clang WERROR=0 V=1'

-include $(patsubst %.o,%.d,$(call objects,$(filter %.c,$(ALL_SRCS))))
