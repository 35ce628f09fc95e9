#!/bin/bash
# tenon-sim as a program: its options, its address, its control paths, held answers, lost
# connections and its end.
set -u
. "$TN_TOP/tests/tools/tap.sh"
. "$TN_TOP/examples/http.bash"

sim=$TN_BUILD/bin/tenon-sim
work=$(mktemp -d "$TMPDIR/simulator.XXXXXX") || exit 1
pid=''
clean_up() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	wait
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

start() { # [OPTION...]: sets pid and port
	rm -f "$work/out"
	"$sim" "$@" >"$work/out" 2>"$work/err" &
	pid=$!
	local tries=0
	until [ -s "$work/out" ] || [ $((tries += 1)) -gt 400 ]; do sleep 0.05; done
	port=$(sed -nE '1s|^http://127\.0\.0\.1:([0-9]+)$|\1|p' "$work/out")
	token=''
	[ -n "$port" ] || cat "$work/err"
	[ -n "$port" ]
}

stop() { # SIGNAL: sets status
	kill "-$1" "$pid"
	wait "$pid"
	status=$?
	pid=''
}

# Takes the value of a key that stands once in the JSON on standard input.
value() { sed -nE "s/.*\"$1\":\"?([^\",}]*).*/\1/p"; }

log_in() { # ID SECRET
	token=''
	token=$(http POST /oauth/token "{\"grant_type\":\"client_credentials\",
		\"client_id\":\"$1\",\"client_secret\":\"$2\",
		\"audience\":\"http://127.0.0.1:$port/api/v2/\"}" | value access_token)
}

create() { # NAME
	http POST /api/v2/actions/actions \
		"{\"name\":\"$1\",\"supported_triggers\":[{\"id\":\"post-login\"}]}"
}
named() { # how many actions of that name there are
	http GET /_sim/state | grep -o "\"name\":\"$1\"" | wc -l
}
fault() { http POST /_sim/faults "$1" | value id; }
same() { [ "$2" = "$3" ] || echo "$1 is \"$2\", not \"$3\""; }

# --- options ---

refuses() { # WORDS OPTION...
	local words=$1 out
	shift
	out=$(timeout 10 "$sim" "$@" 2>&1)
	same 'exit status' $? 1
	grep -qF -- "$words" <<<"$out" || echo "$out"
}
tap_check 'an unknown option names the nearest' refuses 'did you mean --port?' --prot 1
tap_check 'a missing value is said' refuses 'a value is missing after --seed' --seed
tap_check 'a duration needs its unit' refuses '20ms, 2s, 5m, 24h' --latency 20
tap_check 'a port has a largest number' refuses '--port is at most 65535' --port 65536
tap_check 'a port is a number' refuses 'whole number' --port http
tap_check 'a token lives for a second' refuses 'a second at least' --token-life 10ms
tap_check 'a client has a secret' refuses 'ID:SECRET' --client alice
tap_check 'scopes are known ones' refuses 'scopes are' --client alice:secret:admin
tap_check 'a beginning of two options is none' refuses 'unknown option' --p 1
tap_check 'the manual names every option' same 'number of options' \
	"$("$sim" --help | grep -c '^  --')" 10
tap_check 'the version is that of tenon' same version \
	"$("$sim" --version)" "tenon-sim $("$TN_BUILD/bin/tenon" --version | sed 's/^tenon //')"

# --- a tenant ---

start --port 0 --seed 7 --plain-build=0s --visible 0s --token-life 1h \
	--client alice:secret --client bob:word:read:actions
tap_ok $? 'the first line is the address'
log_in alice wrong
tap_check 'a wrong secret gives no token' same token "$token" ''
log_in alice secret
create one >"$work/answer"
tap_ok $? 'a client creates an action'
first=$(grep -o '"id":"[^"]*"' "$work/answer" | head -n 1)
log_in bob word
http GET /api/v2/actions/actions | grep -q '"total":1'
tap_ok $? 'a second client reads it'
create two | grep -q 'insufficient_scope'
tap_ok $? 'and may not create'
http GET /_sim/calls | grep -q '"POST /actions/actions":2'
tap_ok $? 'calls are counted'
http POST /_sim/faults '{"do":"explode"}' >"$work/answer"
tap_check 'a fault that is none is refused' same status $? 1
grep -q '"error"' "$work/answer"
tap_ok $? 'in JSON'
http DELETE /_sim/faults/99 >"$work/answer"
tap_check 'a fault that is not there is not removed' same status $? 1
http POST /_sim/reset >"$work/answer"
tap_ok $? 'a reset'
tap_check 'leaves nothing' same actions "$(named one)" 0
log_in alice secret
tap_check 'and ids begin again with the seed' same id \
	"$(create one | grep -o '"id":"[^"]*"' | head -n 1)" "$first"
stop TERM
tap_check 'SIGTERM ends it well' same 'exit status' "$status" 0

# --- trouble ---

start --latency 10ms || exit 1
log_in any body
id=$(fault '{"method":"POST","path":"/actions/actions","do":"hold","nth":1}')
create held >"$work/held" &
waiter=$!
for ((i = 0; i < 200; i++)); do
	[ "$(named held)" = 0 ] || break
	sleep 0.05
done
tap_check 'a held call has its effect' same actions "$(named held)" 1
tap_check 'and no answer' same bytes "$(wc -c <"$work/held")" 0
http DELETE "/_sim/faults/$id" >"$work/answer"
wait "$waiter"
tap_check 'which comes when it is released' same status $? 0
fault '{"method":"POST","do":"hold","when":"before","nth":1}' >"$work/id"
create late >"$work/late" &
waiter=$!
for ((i = 0; i < 200; i++)); do
	http GET /_sim/state | grep -q '"hits":1' && break
	sleep 0.05
done
kill "$waiter"
wait "$waiter" 2>/dev/null
tap_check 'a call that is held before its effect has none' same actions "$(named late)" 0
http DELETE "/_sim/faults/$(cat "$work/id")" >"$work/answer"
for ((i = 0; i < 200; i++)); do
	[ "$(named late)" = 0 ] || break
	sleep 0.05
done
tap_check 'and has it when released, though its client is gone' \
	same actions "$(named late)" 1
id=$(fault '{"method":"POST","path":"/actions/actions","do":"drop"}')
create dropped >"$work/answer"
tap_check 'a dropped connection is no answer' same status $? 1
tap_check 'but has its effect' same actions "$(named dropped)" 1
http DELETE "/_sim/faults/$id" >"$work/answer"
fault '{"do":"cut","method":"GET","path":"/actions/actions"}' >"$work/id"
whole=$(http GET "/api/v2/actions/triggers" | wc -c)
part=$(http GET "/api/v2/actions/actions" | wc -c)
[ "$whole" -gt 100 ] && [ "$part" -gt 0 ] &&
	! http GET /api/v2/actions/actions | grep -q 'per_page'
tap_ok $? 'a cut answer lacks its end'
fault '{"do":"hold"}' >"$work/id"
create last >"$work/answer" &
waiter=$!
for ((i = 0; i < 200; i++)); do
	[ "$(named last)" = 0 ] || break
	sleep 0.05
done
stop INT
tap_check 'SIGINT ends it well with a call under way' same 'exit status' "$status" 0
wait "$waiter"
tap_check 'nothing was said on standard error' same bytes "$(wc -c <"$work/err")" 0
tap_check 'nor on standard output but the address' same lines "$(wc -l <"$work/out")" 1
tap_done
