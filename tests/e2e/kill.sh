#!/bin/bash
# kill -9 in the middle of an apply, at calls of every kind, before and after they had their
# effect: the next apply mends it. Each case has a tenant of its own and all run at once, as
# the next apply waits until no call of the dead one can arrive any more.
set -u
. "$TN_TOP/tests/e2e/common.bash"

all='company-addresses-only enrich-token label-machine-tokens record-login require-verified-email '
create='"method":"POST","path":"/actions/actions"'
draft='"method":"PATCH","path":"/actions/actions/{id}"'
deploy='"method":"POST","path":"/actions/actions/{id}/deploy"'
module='"method":"POST","path":"/actions/modules"'
test='"method":"POST","path":"/actions/actions/{id}/test"'
delete='"method":"DELETE","path":"/actions/actions/{id}"'
bind='"method":"PATCH","path":"/actions/triggers/{triggerId}/bindings"'
cases=(
	"first $create,\"nth\":1,\"when\":\"before\""
	"first $create,\"nth\":3,\"when\":\"after\""
	"first $bind,\"nth\":1,\"when\":\"after\""
	"first $bind,\"nth\":3,\"when\":\"before\""
	"second $draft,\"nth\":2,\"when\":\"after\""
	"second $deploy,\"nth\":1,\"when\":\"before\""
	"second $deploy,\"nth\":2,\"when\":\"after\""
	"second $bind,\"nth\":1,\"when\":\"before\""
	"third $module,\"nth\":1,\"when\":\"after\""
	"third $draft,\"nth\":1,\"when\":\"after\""
	"third $test,\"nth\":1,\"when\":\"after\""
	"third $delete,\"nth\":1,\"when\":\"before\""
	"third $delete,\"nth\":1,\"when\":\"after\""
	"twice $bind,\"nth\":1,\"when\":\"after\""
)

# Applies until the tenant holds a call, and kills the program there.
kill_at() { # FAULT
	local pid killed_status
	fault "{$1,\"do\":\"hold\"}"
	tenon apply --yes >"$out" 2>"$err" </dev/null &
	pid=$!
	until_true struck
	kill -9 "$pid" || echo 'it had ended before it could be killed'
	wait "$pid" 2>/dev/null
	killed_status=$?
	same 'status of the killed' "$killed_status" 137
	release
	cat "$out" "$err" >>"$work/all-output"
}

change_files() {
	sed -i 's/last_application/other/' record-login.js
	sed -i 's/2000/1000/' enrich-token.js
	sed -i -e '/^    - record-login$/d' \
		-e 's/^    - require-verified-email$/    - record-login\n&/' tenon.yaml
}

# A module, a test of the action that uses it, another name, and one that goes.
change_more() {
	sed -i -e 's/^  dev:$/  dev: {delete: managed}/' \
		-e '/^  label-machine-tokens:$/,+2d' \
		-e '/^  credentials-exchange:$/,+1s/^    - label-machine-tokens$/    []/' \
		-e 's/^  record-login:$/  log-login:\n    renamedFrom: record-login\n    modules: [greeter]\n    tests: [{payload: login.json}]/' \
		-e 's/^    - record-login$/    - log-login/' \
		-e 's/^actions:$/modules:\n  greeter: {code: greeter.js}\n\nactions:/' tenon.yaml
	echo 'module.exports = () => 1;' >greeter.js
	echo '{"event": {"user": {}}}' >login.json
	{
		echo "const greet = require('actions:greeter');"
		cat record-login.js
	} >log-login.js
	rm record-login.js label-machine-tokens.js
}

run_case() { # NUMBER: prints complaints
	local when=${cases[$1]%% *} order='require-verified-email enrich-token record-login ' done
	local all=$all machine='label-machine-tokens '
	world "case$1"
	if [ "$when" = third ]; then
		t apply --yes
		ended 0 Applied
		change_more
		all='company-addresses-only enrich-token log-login require-verified-email '
		order='require-verified-email enrich-token log-login '
		machine=''
	fi
	if [ "$when" = second ]; then
		t apply --yes
		ended 0 Applied
		change_files
		order='record-login require-verified-email enrich-token '
	fi
	kill_at "${cases[$1]#* }"
	t plan
	ended "$status" interrupted
	at_most 'exit status' "$status" 1
	if [ "$when" = twice ]; then
		# The mending is killed as well, at the first thing that it takes away.
		kill_at '"method":"DELETE","nth":1,"when":"after"'
	fi
	t apply --yes
	ended 0 interrupted
	same actions "$(actions)" "$all"
	same post-login "$(flow post-login)" "$order"
	same credentials-exchange "$(flow credentials-exchange)" "$machine"
	same pre-user-registration "$(flow pre-user-registration)" 'company-addresses-only '
	done=$(writes)
	t plan --detailed-exitcode
	ended 0 'Nothing to do'
	t apply --yes
	ended 0 'Nothing to do'
	same writes "$(writes)" "$done"
}

for i in "${!cases[@]}"; do
	beside "killed at: ${cases[$i]//\"/}" run_case "$i"
done
gather
finish
