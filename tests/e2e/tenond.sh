#!/bin/bash
# A real tenond over real repositories and tenants: commits, drift, and bad days. Each case
# has a tenant, a repository and a daemon of its own, and they run at once.
set -u
. "$TN_TOP/tests/e2e/common.bash"
. "$TN_TOP/tests/e2e/daemon.bash"

ready() { # [LINE...]: a world whose daemon has applied the first commit
	repository
	settings "$@"
	start_daemon
	until_true told applied
}

change_code() { sed -i "s/timeout: 2000/timeout: $1/" enrich-token.js; }
drift_order() {
	login_as_alice
	http PATCH /api/v2/actions/triggers/post-login/bindings '{"bindings":[
		{"ref":{"type":"action_name","value":"record-login"}}]}' >/dev/null
}
order_is() { [ "$(flow post-login)" = "$1 " ]; }
usual='require-verified-email enrich-token record-login'

# --- Commits and drift -------------------------------------------------------------------

commits() {
	world commits
	ready '    mode: apply'
	order_is "$usual" || echo "post-login runs $(flow post-login)"
	change_code 1000
	push 'A shorter wait'
	until_true told applied '1 updated'
	sync_is commit "$(git rev-parse HEAD)" || cat "$out"
	same 'events of applies' "$(times applied)" 2
	# Nothing changes, so nothing is written, however often it is looked at.
	local before
	before=$(writes)
	ask sync login
	ended 0 'login is looked at'
	until_true sync_is outcome equal
	same 'writes without a change' "$(writes)" "$before"
	stop_daemon
	same 'exit status' "$status" 0
	told stopped || echo 'nothing says that it stopped'
}

correction() {
	world correction
	ready '    mode: enforce' '    drift: 1s'
	drift_order
	until_true told corrected
	order_is "$usual" || echo "post-login runs $(flow post-login)"
	stop_daemon
}

only_says() {
	world only-says
	repository
	settings '    mode: report' '    drift: 1s'
	start_daemon
	until_true told drift
	sync_is outcome drifted || cat "$out"
	same writes "$(writes)" 0
	sleep 2.5
	same 'times it was said' "$(times drift)" 1
	stop_daemon
}

# A fight with a person ends.
fight() {
	world fight
	ready '    mode: enforce' '    drift: 1s' '    corrections: 2'
	for i in 1 2; do
		drift_order
		corrected_so_often() { [ "$(times corrected)" -eq "$i" ]; }
		until_true corrected_so_often
	done
	drift_order
	until_true told trouble 'no more are made'
	sleep 2.5
	order_is record-login || echo 'it was corrected once more'
	same 'times it was said' "$(times trouble)" 1
	stop_daemon
}

after_another() {
	world after
	mkdir "$here/other"
	repository
	local first=$port
	start_tenant "$here/other"
	local second=$port
	port=$first
	sed -n '2,$p' "$TENON_CONNECTIONS" | sed -e 's/  dev:/  prod:/' -e "s/:$first/:$second/" \
		>>"$TENON_CONNECTIONS"
	sed -i 's/^  dev:$/  dev:\n  prod:/' tenon.yaml
	push 'Two tenants'
	# Nobody can deploy at the first one.
	fault '{"method":"POST","path":"/actions/actions/{id}/deploy","do":"status","status":400}'
	settings '    mode: apply' '  prod:' "    source: file://$here/origin.git" \
		'    revision: main' '    connection: prod' '    mode: apply' '    interval: 1s' \
		'    after: login'
	start_daemon
	until_true told trouble '"sync":"login"' || cat "$here/events"
	port=$second
	same 'writes at the second' "$(writes)" 0
	port=$first
	release
	ask sync login
	until_true told applied '"sync":"login"' || cat "$here/events"
	until_true told applied '"sync":"prod"' || cat "$here/events"
	stop_daemon
}

rolled_back() {
	world rolled-back
	ready '    mode: enforce' '    drift: 1s'
	change_code 1000
	push 'A bad idea'
	until_true told applied '1 updated'
	t history --state "$here/daemon/state.db"
	t rollback --action enrich-token --state "$here/daemon/state.db" --yes --lock-timeout 20s
	ended 0
	until_true told trouble hold
	local before
	before=$(writes)
	sleep 2.5
	same 'writes of a commit on hold' "$(writes)" "$before"
	same 'times it was said' "$(times trouble)" 1
	change_code 1500
	sed -i 's/timeout: 1000/timeout: 1500/' enrich-token.js
	push 'A better one'
	until_true told recovered
	until_true sync_is outcome equal
	stop_daemon
}

# --- Bad days of git ---------------------------------------------------------------------

git_away() {
	world git-away
	ready '    mode: enforce' '    drift: 1s'
	mv "$here/origin.git" "$here/away.git"
	until_true told trouble || cat "$here/events"
	# What is known to be good is kept all the same.
	drift_order
	ask sync login
	until_true order_is "$usual"
	mv "$here/away.git" "$here/origin.git"
	change_code 1000
	push 'After the trouble'
	ask sync login
	until_true told recovered
	until_true told applied '1 updated'
	same 'times it was said' "$(times trouble)" 1
	stop_daemon
}

force_push() {
	world force-push
	ready '    mode: apply'
	local first
	first=$(git rev-parse HEAD)
	change_code 1000
	push 'To be taken back'
	until_true told applied '1 updated'
	git reset -q --hard "$first"
	change_code 1500
	push 'In its place' --force
	followed() { sync_is commit "$(git rev-parse HEAD)"; }
	until_true followed
	same 'events of trouble' "$(times trouble)" 0
	stop_daemon
}

deleted_branch() {
	world deleted-branch
	ready '    mode: apply'
	local before
	before=$(writes)
	git push -q origin HEAD:other
	git --git-dir="$here/origin.git" update-ref -d refs/heads/main
	until_true told trouble main
	same 'writes' "$(writes)" "$before"
	same actions "$(actions | wc -w)" 5
	git push -q origin HEAD:main
	ask sync login
	until_true told recovered
	stop_daemon
}

invalid_commit() {
	world invalid
	ready '    mode: enforce' '    drift: 1s'
	local good
	good=$(git rev-parse HEAD)
	sed -i 's/post-login@v3/post-login@v9000/' tenon.yaml
	push 'Nonsense'
	until_true told trouble
	sync_is commit "$good" || cat "$out"
	# The last good one stays, and is kept.
	drift_order
	until_true told corrected || cat "$here/events"
	order_is "$usual" || echo "post-login runs $(flow post-login)"
	same 'times it was said' "$(times trouble)" 1
	git revert --no-edit HEAD >/dev/null
	git push -q origin HEAD:main
	until_true told recovered
	stop_daemon
}

# --- Bad days of the tenant and the machine ----------------------------------------------

tenant_down() {
	world tenant-down --state tenant.json --client "tenon:$client_secret"
	ready '    mode: apply'
	local pid=${tenants[0]} at=$port
	kill "$pid"
	wait "$pid" 2>/dev/null
	change_code 1000
	push 'While it is away'
	until_true told trouble || cat "$here/events"
	start_tenant "$here" --port "$at" --state tenant.json --client "tenon:$client_secret"
	ask sync login
	until_true told recovered
	until_true sync_is commit "$(git rev-parse HEAD)"
	same 'times it was said' "$(times trouble)" 1
	stop_daemon
}

credential_expired() {
	# A token is used for half of so short a life, and then another one is asked for.
	world credential --state tenant.json --client "tenon:$client_secret" --token-life 4s
	ready '    mode: apply'
	local at=$port
	kill "${tenants[0]}"
	wait "${tenants[0]}" 2>/dev/null
	start_tenant "$here" --port "$at" --state tenant.json --client 'tenon:another-one-now'
	change_code 1000
	push 'With the old credential'
	until_true told trouble || cat "$here/events"
	until_true sync_is outcome trouble
	ask status login
	ended 0 trouble
	stop_daemon
}

disk_full() {
	world disk-full
	repository
	settings '    mode: apply'
	: >"$here/events"
	# No file may grow beyond 8 KiB: less than a state takes.
	(
		trap '' XFSZ
		ulimit -f 8
		exec tenond --config "$here/operator/tenond.yaml"
	) >"$here/events" 2>"$here/daemon.err" &
	daemon=$!
	tenants+=("$daemon")
	until_true told trouble
	same 'writes without a state' "$(writes)" 0
	stop_daemon
	same 'exit status' "$status" 0
	start_daemon
	until_true told applied
	stop_daemon
}

killed() {
	world killed
	ready '    mode: apply'
	change_code 1000
	sed -i "s/'last_application'/'application'/" record-login.js
	fault '{"method":"POST","nth":1,"do":"hold","path":"/actions/actions/{id}/deploy","when":"after"}'
	push 'In the middle'
	until_true struck
	stop_daemon KILL
	same 'exit status' "$status" 137
	release
	start_daemon
	until_true sync_is commit "$(git rev-parse HEAD)"
	same actions "$(actions | wc -w)" 5
	stop_daemon
}

two_daemons() {
	world two
	ready '    mode: apply'
	timeout 20 tenond --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 6 'another tenond works with the state'
	ask status
	ended 0 login
	stop_daemon
}

# --- Control and settings ----------------------------------------------------------------

suspended() {
	world suspended
	ready '    mode: apply'
	ask suspend login
	ended 0 'login is suspended'
	local before
	before=$(writes)
	change_code 1000
	push 'While it rests'
	sleep 2
	same writes "$(writes)" "$before"
	# Also after a restart.
	stop_daemon
	start_daemon
	sleep 1.5
	same 'writes after a restart' "$(writes)" "$before"
	sync_is state suspended || cat "$out"
	ask resume login
	until_true told applied
	ask sync nobody
	ended 1 'there is no sync "nobody"' 'tenon status'
	t sync
	ended 1 'needs the name of a sync'
	t status --control "$here/nothing.sock"
	ended 1 'no tenond can be asked' '--control FILE'
	stop_daemon
}

reloaded() {
	world reloaded
	repository
	settings '    mode: report'
	start_daemon
	until_true told drift
	settings '    mode: reprot'
	kill -HUP "$daemon"
	until_true told reload-failed
	grep -qF 'did you mean' "$here/daemon.err" || cat "$here/daemon.err"
	sync_is mode report || cat "$out"
	settings '    mode: apply'
	kill -HUP "$daemon"
	until_true told reloaded
	until_true told applied
	stop_daemon
}

wrong_settings() {
	world wrong
	repository
	settings '    mode: apply' '  other: {source: x, revision: main, connection: nobody}'
	timeout 20 tenond --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 1 'the connections file has no "nobody"' unknown-connection 'tenond.yaml:14'
	timeout 20 tenond --check --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 1 unknown-connection
	settings
	timeout 20 tenond --check --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 0 'in order: 1 sync.'
	chmod go+w "$here/operator/tenond.yaml"
	timeout 20 tenond --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 1 'can be written by others'
	timeout 20 tenond --config "$here/nothing.yaml" >"$out" 2>"$err"
	status=$?
	ended 1 nothing.yaml
	timeout 20 tenond --confg x >"$out" 2>"$err"
	status=$?
	ended 1 'did you mean --config?'
}

# --- The door ----------------------------------------------------------------------------

signature() { # BODY SECRET
	printf 'sha256=%s' "$(printf '%s' "$1" | openssl dgst -sha256 -hmac "$2" | sed 's/.* //')"
}
hook() { # SIGNATURE BODY
	curl -sS -o /dev/null -w '%{http_code}' -H "X-Hub-Signature-256: $1" \
		-H 'Content-Type: application/json' --data-binary "$2" \
		"http://127.0.0.1:$door/webhooks/github" 2>&1
}

woken() {
	world woken
	export E2E_HOOK_SECRET=$fingerprint_key
	repository
	settings '    mode: apply'
	sed -i -e 's/interval: 1s/interval: 1h/' \
		-e "s|^syncs:|webhooks:\n  github: {host: github, secret: {env: E2E_HOOK_SECRET}}\n&|" \
		"$here/operator/tenond.yaml"
	mkdir "$here/acme"
	mv "$here/origin.git" "$here/acme/login.git"
	git remote set-url origin "$here/acme/login.git"
	sed -i "s|$here/origin.git|$here/acme/login.git|" "$here/operator/tenond.yaml"
	start_daemon
	until_true told applied
	change_code 1000
	push 'To be told of'
	local body='{"repository":{"full_name":"acme/login"}}'
	same 'a forged call' "$(hook "$(signature "$body" wrong)" "$body")" 403
	same 'one without a signature' "$(hook '' "$body")" 403
	same 'one that is no JSON' "$(hook "$(signature '{' "$E2E_HOOK_SECRET")" '{')" 400
	same 'applies before the call' "$(times applied)" 1
	same 'a call of theirs' "$(hook "$(signature "$body" "$E2E_HOOK_SECRET")" "$body")" 202
	until_true told applied '1 updated'
	same 'metrics know it' "$(at_door GET /metrics | grep '^tenond_wakes_total')" \
		'tenond_wakes_total 1'
	at_door GET /readyz >/dev/null || echo 'it is not ready'
	# Whoever sends slowly holds nobody up and is cut off.
	local slow
	exec {slow}<>"/dev/tcp/127.0.0.1/$door"
	printf 'POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{' >&"$slow"
	# A body beyond all bounds.
	head -c 12000000 /dev/zero | tr '\0' ' ' >"$here/huge"
	case $(hook x "@$here/huge") in 413 | 000*) ;; *) echo 'a huge body is taken' ;; esac
	# Far more calls than one address may make: the others are refused, and it lives.
	curl -sS -o /dev/null -w '%{http_code}\n' -Z --parallel-max 8 --data-binary "$body" \
		"http://127.0.0.1:$door/webhooks/[1-10000]" 2>/dev/null | sort | uniq -c >"$here/answers"
	grep -q ' 429$' "$here/answers" || cat "$here/answers"
	until_true at_door GET /healthz >/dev/null
	timeout 20 cat <&"$slow" >/dev/null || echo 'who sends slowly is not cut off in 20 s'
	exec {slow}>&-
	stop_daemon
	same 'exit status' "$status" 0
}

for case in commits correction only_says fight after_another rolled_back git_away force_push \
	deleted_branch invalid_commit tenant_down credential_expired disk_full killed two_daemons \
	suspended reloaded wrong_settings woken; do
	[ $# -eq 0 ] || [[ " $* " == *" $case "* ]] || continue
	beside "${case//_/ }" "$case"
done
gather
finish
