#!/bin/bash
# The demo runs from beginning to end, without a terminal, and leaves nothing behind.
set -u
. "$TN_TOP/tests/e2e/common.bash"

bash "$TN_TOP/examples/demo.sh" "$TN_BUILD/bin" >"$work/all-output" 2>&1
status=$?
complaints() {
	[ $status -eq 0 ] || cat "$work/all-output"
	! grep -q $'\e' "$work/all-output" || echo 'there are escapes without a terminal'
}
tap_check 'the demo does what it says' complaints
left() { find "$TMPDIR" -mindepth 1 -maxdepth 1 ! -path "$work"; }
tap_check 'and leaves nothing behind' left
finish
