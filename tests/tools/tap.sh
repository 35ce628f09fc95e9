# To be sourced: TAP from shell scripts.
#
#   tap_check WORDS COMMAND...   one test, which passes when the command says nothing, on
#                                standard output or error: what it says are complaints
#   tap_ok STATUS WORDS          one test, which passes when STATUS is 0
#   tap_done                     the plan; its status is 1 if a test failed or none ran

tap_count=0
tap_failed=0

tap_ok() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failed=$((tap_failed + 1))
	fi
}

tap_check() {
	local words=$1 complaints
	complaints=$("${@:2}" 2>&1)
	[ -z "$complaints" ]
	tap_ok $? "$words"
	[ -z "$complaints" ] || sed 's/^/# /' <<<"$complaints"
}

tap_done() {
	echo "1..$tap_count"
	((tap_failed == 0 && tap_count > 0))
}
