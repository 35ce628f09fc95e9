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
	port=$(sed -nE '1s|^https?://127\.0\.0\.1:([0-9]+)$|\1|p' "$work/out")
	token=''
	[ -n "$port" ] || cat "$work/err"
	[ -n "$port" ]
}

stop() { # SIGNAL: sets status
	kill "-$1" "$pid"
	wait "$pid" 2>/dev/null
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
tap_check 'several tenants are not kept' refuses 'neither with --state' --tenants 2 --state file
tap_check 'there is one tenant at least' refuses 'is at least 1' --tenants 0
several() {
	local i tries=0
	start --tenants 3
	until [ "$(grep -c . "$work/out")" -eq 3 ] || [ $((tries += 1)) -gt 400 ]; do sleep 0.05; done
	same 'different addresses' "$(sort -u "$work/out" | grep -c .)" 3
	for i in 1 2 3; do
		port=$(sed -n "${i}s/.*://p" "$work/out")
		http GET /_sim/state >/dev/null || echo "tenant $i does not answer"
	done
	stop TERM
}
tap_check 'several tenants have addresses of their own' several
tap_check 'a port is a number' refuses 'whole number' --port http
tap_check 'a token lives for a second' refuses 'a second at least' --token-life 10ms
tap_check 'a client has a secret' refuses 'ID:SECRET' --client alice
tap_check 'a client has a key' refuses 'ID:FILE' --client-key alice
tap_check 'a key is there' refuses 'there is no file' --client-key alice:/nowhere/key
tap_check 'scopes are known ones' refuses 'scopes are' --client alice:secret:admin
tap_check 'a beginning of two options is none' refuses 'unknown option' --p 1
tap_check 'a rate has a burst' refuses 'whole number' --rate :2
tap_check 'a rate lets something through' refuses '--rate is at least 1' --rate 0
tap_check 'a limit is of something' refuses 'actions=N' --limit secrets=3
tap_check 'two versions are kept at least' refuses '--limit is at least 2' --limit versions=1
tap_check 'modules are on or off' refuses 'give on or off' --modules maybe
tap_check 'a dialect is one of two' refuses 'give older or current' --dialect old
tap_check 'a certificate needs its key' refuses 'belong together' --tls-cert a.crt
tap_check 'a certificate is a file' refuses 'nowhere.crt' --tls-cert nowhere.crt --tls-key x
tap_check 'a key fits its certificate' refuses 'belong together' \
	--tls-cert tests/data/tls/localhost.crt --tls-key tests/data/tls/other.key
tap_check 'the manual names every option' same 'number of options' \
	"$("$sim" --help | grep -c '^  --')" 25
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

# --- kept ---

kept=$work/tenant.json
in_state() { # gets the tenant's whole state, in which builds are done
	sleep 0.5
	http GET /_sim/state >"$1"
}
start --state "$kept" --plain-build 0s --visible 0s || exit 1
log_in any body
secret='{"name":"KEY","value":"kept as a hash only"}'
http POST /api/v2/actions/actions "{\"name\":\"one\",\"secrets\":[$secret],
	\"supported_triggers\":[{\"id\":\"post-login\"}]}" >"$work/answer"
id=$(grep -o '"id":"[0-9a-f-]*"' "$work/answer" | head -n 1 | cut -d '"' -f 4)
http POST "/api/v2/actions/actions/$id/deploy" >"$work/answer"
http PATCH /api/v2/actions/triggers/post-login/bindings \
	"{\"bindings\":[{\"ref\":{\"type\":\"action_id\",\"value\":\"$id\"}}]}" >"$work/answer"
tap_ok $? 'a tenant that is kept takes changes'
in_state "$work/before"
tap_check 'nobody else gets its file' refuses 'lock' --state "$kept"
stop KILL
before_port=$port before_token=$token
start --state "$kept" || exit 1
token=$before_token
in_state "$work/after"
tap_check 'after a kill everything is there' cmp "$work/before" "$work/after"
http GET "/api/v2/actions/actions/$id" | grep -q '"deployed":true'
tap_ok $? 'tokens are as good as before'
tap_check 'no secret is in the file' \
	same lines "$(grep -c 'kept as a hash only' "$kept")" 0
tap_check 'but its hash' same lines \
	"$(grep -c "$(printf 'kept as a hash only' | sha256sum | cut -d ' ' -f 1)" "$kept")" 1
http POST /_sim/reset >"$work/answer"
stop TERM
start --state "$kept" || exit 1
tap_check 'a reset is kept too' same actions "$(named one)" 0
mkdir "$kept.away" && mv "$kept" "$kept.away/" && mkdir "$kept"
log_in any body
create unkept >"$work/answer"
tap_check 'what cannot be kept is not answered' same status $? 1
wait "$pid"
tap_check 'and ends the tenant' same 'exit status' $? 1
pid=''
grep -q "tenant.json" "$work/err"
tap_ok $? 'which says why'
rmdir "$kept"
echo '{"tenon_sim":1}' >"$kept"
tap_check 'a file that is no tenant is refused with its name' refuses 'tenant.json' \
	--state "$kept"

# --- other tenants ---

start --rate 3:1 --retry-after on --limit actions=1 --plain-build 0s --token-quota 2 || exit 1
log_in any body
create one >"$work/answer"
create two | grep -q 'insufficient_entitlement'
tap_ok $? 'a limit is as it was set'
create three >"$work/answer"
create four | grep -q 'Global limit has been reached'
tap_ok $? 'calls over the rate are refused'
log_in any body
tap_check 'a quota gives so many tokens' same tokens "${token:+some}" some
log_in any body
tap_check 'and no more' same token "$token" ''
stop TERM
start --dialect older --modules off --entity-bound refused || exit 1
log_in any body
http GET /api/v2/actions | grep -q '"total":0,"start":0,"limit":100'
tap_ok $? 'the older dialect is served when asked for'
http GET /api/v2/actions/modules | grep -q 'feature_not_enabled'
tap_ok $? 'a tenant can lack modules'
http GET /api/v2/actions/triggers/mcp-tool/bindings | grep -q 'entity-bound trigger'
tap_ok $? 'and refuse the bindings of entities'
id=$(http POST /_sim/executions '{"trigger_id":"post-login"}' | value id)
http GET "/api/v2/actions/executions/$id" | grep -q '"status":"final"'
tap_ok $? 'a login leaves a record'
http POST /_sim/installed '{"trigger_id":"post-login","name":"theirs"}' | grep -q '"id":"[0-9A-F-]*"'
tap_ok $? 'an action can come from the marketplace'
http GET '/api/v2/actions?installed=true' | grep -q '"name":"theirs".*"total":1'
tap_ok $? 'and is listed'
http POST /_sim/installed '{"trigger_id":"post-login","name":"theirs"}' >"$work/answer"
tap_check 'under a name of its own' same status $? 1
http POST /_sim/executions '{"trigger_id":"nothing"}' >"$work/answer"
tap_check 'of a trigger that there is' same status $? 1
stop TERM
start --tls-cert tests/data/tls/localhost.crt --tls-key tests/data/tls/localhost.key || exit 1
tap_check 'with a certificate the address is https' same address "$(cut -d : -f 1 "$work/out")" \
	https
# In a shell of its own: the server hangs up, and who writes then gets a SIGPIPE.
(http GET /_sim/state) >"$work/answer" 2>/dev/null
[ $? -ne 0 ]
tap_ok $? 'and plain http is not answered'
stop TERM

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
