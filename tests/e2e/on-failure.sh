#!/bin/bash
# An apply that is left where it failed, by the real program: what it says, what stays, and
# how the next one goes on.
set -u
. "$TN_TOP/tests/e2e/common.bash"

all='company-addresses-only enrich-token label-machine-tokens record-login require-verified-email '
refused='{"method":"PATCH","path":"/actions/triggers/{triggerId}/bindings","do":"status","status":400}'

world stop
t apply --yes --on-failure halt
check 'a word that is none' ended 1 '--on-failure is undo or stop, and not halt'
t plan --on-failure stop
check 'a plan has no failure' ended 1 'this command does not take --on-failure'

fault "$refused"
t apply --yes --on-failure stop --json
check_stopped() {
	ended 4
	same outcome "$(json "$out" apply outcome)" stopped
	same 'the first step' "$(json "$out" apply steps 0 state)" 'done'
	same actions "$(actions)" "$all"
	same post-login "$(flow post-login)" ''
}
check 'what was done stays' check_stopped

release
before=$(writes)
t apply --yes
check_next() {
	ended 0 'Plan: 0 to create, 0 to update' '3 bindings to set' Applied
	same writes "$(writes)" $((before + 3))
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
}
check 'the next apply goes on from there' check_next

sed -i 's/last_application/other/' record-login.js
fault '{"method":"PATCH","path":"/actions/actions/{id}","do":"fail-build"}'
t apply --yes --on-failure=stop
check_build() {
	ended 4 'the build of action record-login failed' 'as --on-failure stop says: 0 of 2 steps' \
		'! update of record-login: failed' 'deploy of record-login: not begun'
}
check 'a failed build, told step by step' check_build
release
t apply --yes
check 'the same files are applied again' ended 0 '1 to update' Applied

fault "$refused"
sed -i 's/other/third/' record-login.js
sed -i '/^    - record-login$/d' tenon.yaml
t apply --yes --on-failure undo
check_undo() {
	ended 3 'everything was put back'
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
}
check 'undo puts back what was done before' check_undo
release
finish
