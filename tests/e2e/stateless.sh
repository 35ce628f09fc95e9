#!/bin/bash
# Without a state: nothing is kept on this machine, and all that a tenant tells is used.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world stateless
kept() { [ ! -e "$XDG_STATE_HOME" ] || find "$XDG_STATE_HOME" -type f; }

t plan --state none
check 'a plan says what that means' ended 0 'There is no state: ' 'Plan: 5 to create'
t apply --yes --state none
check 'an apply' ended 0 'Applied: ' verified
before=$(writes)
check_quiet() {
	ended 0 'Nothing to do'
	same writes "$(writes)" "$before"
	kept
}
t apply --yes --state none
check 'a second one writes nothing, and nothing is kept' check_quiet
t drift --state none
check 'nothing has drifted' ended 0
json_says() {
	same no_state "$(json "$out" no_state)" true
	same 'the change of a secret' "$(grep -c '"change": "left"' "$out")" 1
}
t plan --state none --json
check 'JSON says so, and that secrets are left' json_says

sed -i "s/'last_application'/'application'/" record-login.js
t apply --yes --state none
check 'a change' ended 0 '1 to update' 'Applied: '

refused() { # STATUS SAID...
	ended "$@"
	same writes "$(writes)" "$before"
}
before=$(writes)
t history --state none
check 'there is no history' refused 1 'there is no state' '--state FILE'
t rollback --action record-login --yes --state none
check 'and no rollback' refused 1 'there is no state' 'apply --ref REV'
t unlock --state none
check 'and no lock' refused 1 'there is no state'
t apply --yes --state none --lock-timeout 5s
check 'and none to wait for' refused 1 'no lock to wait for'
t apply --yes --write-secrets
check 'secrets of unknown value are a matter of no state' refused 1 '--write-secrets needs'
t apply --yes --state none --write-secrets
check 'they are written when somebody says so' ended 0 'value not known: written once'
t apply --yes --state ./none
check 'a file can have that name' test -f none

finish
