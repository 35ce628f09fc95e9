#!/bin/bash
# The rate limit of a tenant, by the real programs and the real clock: hardly anything is refused,
# alone and beside others, and the report has what was foreseen beside what it took. That nothing
# at all is refused is proved in virtual time (unit/remote/test_rate, test_bucket): here the
# machine may be so busy that calls pile up on their way.
set -u
. "$TN_TOP/tests/e2e/common.bash"

asked() { # PATTERN: how often that stands among the calls that the tenant has seen
	http GET /_sim/calls | grep -o -- "$1" | wc -l
}
# It ends well, one call in eight at most was refused, and the report says so.
keeps_to_it() {
	local foreseen taken
	t apply --yes --format json
	ended 0
	at_most 'refused calls' "$(asked '"status":429')" $(($(json "$out" calls all) / 8))
	at_most 'refused calls in the report' "$(json "$out" calls limited)" "$(asked '"status":429')"
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
beside 'hardly anything is refused in a quiet tenant' quiet 5:10
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
beside 'and beside others' busy

gather
finish
