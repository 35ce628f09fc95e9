#!/bin/bash
# The rate limit of a tenant, by the real programs and the real clock: nothing is refused where
# nobody else asks, nobody else is refused where others do, and the report has what was foreseen
# beside what it took.
set -u
. "$TN_TOP/tests/e2e/common.bash"

asked() { # PATTERN: how often that stands among the calls that the tenant has seen
	http GET /_sim/calls | grep -o -- "$1" | wc -l
}
# It ends well, nobody was refused, and the report says so.
keeps_to_it() {
	local foreseen taken
	t apply --yes --format json
	ended 0
	same 'refused calls' "$(asked '"status":429')" 0
	same 'refused calls in the report' "$(json "$out" calls limited)" 0
	foreseen=$(json "$out" cost foreseen calls)
	taken=$(json "$out" cost taken calls)
	at_most 'calls foreseen' "$foreseen" $((taken * 3 / 2 + 2))
	at_most 'calls taken' "$taken" $((foreseen * 3 / 2 + 2))
	[ "$(json "$out" cost foreseen time_ns)" -gt 0 ] || echo 'no time is foreseen'
	[ "$(json "$out" cost taken time_ns)" -gt 0 ] || echo 'no time was taken'
}

# quiet RATE [SHARE]
quiet() {
	world "quiet$BASHPID" --client "tenon:$client_secret" --rate "$1"
	[ $# -lt 2 ] || echo "    rate: {share: $2}" >>"$TENON_CONNECTIONS"
	keeps_to_it
	same "calls in the report" "$(json "$out" calls all)" "$(asked '"who":"tenon"')"
}
beside 'nothing is refused in a quiet tenant' quiet 5:10
beside 'nor to who has a share of it' quiet 10:20 50%

# Somebody who asks six times in a second, and does not look at any limit.
neighbour() {
	while :; do
		for _ in 1 2 3; do http GET /api/v2/actions/triggers >/dev/null; done
		sleep 0.5
	done
}
busy() {
	local neighbour
	world busy --client "tenon:$client_secret" --rate 30:20
	login_as_alice
	neighbour &
	neighbour=$!
	sleep 1
	keeps_to_it
	kill "$neighbour"
	[ "$(asked '"who":"alice"')" -gt 10 ] || echo 'the neighbour hardly asked'
}
beside 'others are not refused in a busy one' busy

gather
finish
