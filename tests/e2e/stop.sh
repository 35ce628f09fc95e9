#!/bin/bash
# Ctrl-C: an apply that is stopped puts back what it did; a second Ctrl-C leaves that to the
# next run.
set -u
. "$TN_TOP/tests/e2e/common.bash"

# Starts an apply and waits until the tenant holds a call of it; sets pid.
held_apply() { # FAULT
	fault "$1"
	# Programs that bash starts in the background ignore SIGINT; this undoes it.
	bash -c 'trap - INT; exec env --default-signal=INT tenon apply --yes' \
		>"$out" 2>"$err" </dev/null &
	pid=$!
	until_true struck
}

ends() { # waits for $pid; sets status
	wait "$pid"
	status=$?
	cat "$out" "$err" >>"$work/all-output"
}

stopping() { grep -q 'stopping' "$err"; }

# An update: new code and another order.
change_files() {
	sed -i 's/last_application/other/' record-login.js
	sed -i -e '/^    - record-login$/d' -e 's/^    - enrich-token.*/    - record-login\n&/' tenon.yaml
}

hangup() {
	world hangup
	held_apply "{$bind}"
	kill -HUP "$pid"
	until_true stopping
	release
	ends
	ended 3 'put back'
	same actions "$(actions)" ''
}

terminate_twice() { # SIGNAL
	world "twice-$1"
	held_apply "{$bind}"
	kill -TERM "$pid"
	until_true stopping
	kill "-$1" "$pid"
	ends
	ended 4 'next apply mends'
	release
	t apply --yes
	ended 0 interrupted Applied
}

nohup_apply() {
	world nohup
	fault "{$bind}"
	nohup env tenon apply --yes >"$out" 2>"$err" </dev/null &
	pid=$!
	until_true struck
	kill -HUP "$pid"
	release
	ends
	ended 0 Applied
}

deploy='"method":"POST","path":"/actions/actions/{id}/deploy","nth":1,"do":"hold"'
bind='"method":"PATCH","path":"/actions/triggers/{triggerId}/bindings","nth":1,"do":"hold"'

first() {
	world first
	held_apply "{$bind}"
	kill -INT "$pid"
	until_true stopping
	release
	ends
	ended 3 'put back'
	same actions "$(actions)" ''
	same post-login "$(flow post-login)" ''
	t apply --yes
	ended 0 'Plan: 5 to create' Applied
}
beside 'a first apply that is stopped leaves nothing, exit status 3; the next does it all' first

# What a deploy did can be seen a second after its answer: too late to look once and believe it.
update() { # WHEN
	world "update-$1" --client "tenon:$client_secret" --visible 1s
	t apply --yes
	change_files
	held_apply "{$deploy,\"when\":\"$1\"}"
	kill -TERM "$pid"
	until_true stopping
	release
	ends
	ended 3 'put back'
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
	cp "$TN_TOP"/examples/acme-login/* .
	t plan --detailed-exitcode
	ended 0 'Nothing to do'
}
beside 'an update stopped at a deploy before its effect: what ran runs' update before
beside 'an update stopped at a deploy after its effect: what ran runs' update after

early() {
	world early
	held_apply '{"method":"GET","path":"/actions/actions","nth":1,"do":"hold"}'
	kill -INT "$pid"
	ends
	release
	ended 1 stopped
	same writes "$(writes)" 0
}
beside 'stopped before the first write, nothing was done: exit status 1' early

# The same when the time of a run is over.
late() { # FAULT
	fault "$1"
	: >"$err"
	tenon apply --yes --timeout 1500ms >"$out" 2>"$err" </dev/null &
	pid=$!
	until_true stopping
	release
	ends
}
over_early() {
	world over-early
	late '{"method":"GET","path":"/actions/actions","nth":1,"do":"hold"}'
	ended 1 'stopped before this run wrote anything: the time that --timeout gives'
	same writes "$(writes)" 0
}
beside 'a run whose time is over before its first write: exit status 1' over_early
over() {
	world over
	late "{$bind}"
	ended 3 'the time that --timeout gives this run is over' 'put back'
	same actions "$(actions)" ''
	t apply --yes --timeout 1m
	ended 0 Applied
}
beside 'a run whose time is over in the middle puts back, exit status 3' over

again() {
	world again
	t apply --yes
	change_files
	held_apply "{$deploy}"
	kill -INT "$pid"
	until_true stopping
	kill -INT "$pid"
	ends
	ended 4 'next apply mends'
	release
	t apply --yes
	ended 0 interrupted Applied
	t plan --detailed-exitcode
	ended 0 'Nothing to do'
}
beside 'a second signal ends it at once, exit status 4, and the next apply mends it' again
beside 'a terminal that is closed stops it as Ctrl-C does' hangup
beside 'SIGTERM twice ends it at once' terminate_twice TERM
beside 'SIGTERM and then a closed terminal as well' terminate_twice HUP
beside 'what was started with nohup outlives the terminal' nohup_apply
gather
finish
