#!/bin/bash
# What `make install` leaves behind is all that the demo needs: it runs from beginning to end
# from there, without a terminal, and leaves nothing behind.
set -u
. "$TN_TOP/tests/e2e/common.bash"

flavour=$(basename "$TN_BUILD")
root=$work/root
prefix=/opt/tenon
# -o: what the tests were built from is not looked at again.
install_or() { # GOAL
	make -C "$TN_TOP" --no-print-directory -j1 -o build FLAVOUR="${flavour%-clang}" CC="$CC" \
		DESTDIR="$root" PREFIX=$prefix "$1" >"$work/make-output" 2>&1 ||
		cat "$work/make-output"
}
everything() {
	local expected
	expected=$(
		cd "$TN_TOP" &&
			printf "opt/tenon/%s\n" bin/tenon bin/tenon-sim bin/tenond share/doc/tenon/{CHANGELOG,README}.md \
				lib/systemd/system/{tenond.service,tenon-drift@.{service,timer}} \
				share/man/man{1/tenon.1,5/tenond.yaml.5,8/tenond.8} \
				schemas/*.json | sed 's|schemas/|share/tenon/&|' | sort
	)
	same 'what was installed' "$(cd "$root" && find ./* ! -type d ! -path '*/examples/*' |
		sed 's|^\./||' | sort)" "$expected"
	diff -r "$TN_TOP/examples" "$root$prefix/share/doc/tenon/examples"
	for program in tenon tenond tenon-sim; do
		[ -x "$root$prefix/bin/$program" ] || echo "$program cannot be started"
		cmp "$root$prefix/bin/$program" "$TN_BUILD/bin/$program"
	done
	find "$root" ! -type l ! -perm -go=r
}
tap_check 'make install' install_or install
tap_check 'puts programs, schemas, words and examples there' everything

in_tmp() { ls -A "$TMPDIR"; }
before=$(in_tmp)
bash "$root$prefix/share/doc/tenon/examples/demo.sh" "$root$prefix/bin" \
	>"$work/all-output" 2>&1
status=$?
complaints() {
	[ $status -eq 0 ] || cat "$work/all-output"
	! grep -q $'\e' "$work/all-output" || echo 'there are escapes without a terminal'
}
tap_check 'the demo does what it says' complaints
tap_check 'and leaves nothing behind' same 'the temporary directory' "$(in_tmp)" "$before"

: >"$root$prefix/bin/another"
gone() {
	install_or uninstall
	same 'what is left' "$(find "$root" ! -type d)" "$root$prefix/bin/another"
}
tap_check 'make uninstall takes away what install put there, and nothing else' gone
finish
