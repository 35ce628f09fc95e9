#!/bin/bash
# What is on the wire: HTTP/2 and HTTP/1.1 by nghttpx in front of the tenant, few connections,
# a proxy, certificates, and where credentials never go.
set -u
. "$TN_TOP/tests/e2e/common.bash"

certificates=$TN_TOP/tests/data/tls
helpers=()
clean_helpers() {
	kill ${helpers[@]+"${helpers[@]}"} 2>/dev/null
	clean_up
}
trap clean_helpers EXIT

# front NAME CERTIFICATE [OPTION...]: a tenant behind TLS, reached by the proxy alone
front() {
	world "$1"
	nghttpx --conf=/dev/null --workers=1 -f "unix:$here/tls.sock" -b "127.0.0.1,$port" \
		--errorlog-file="$here/front.err" --accesslog-file="$here/front.log" \
		--accesslog-format='$request $status' --accesslog-write-early "${@:3}" \
		"$certificates/$2.key" "$certificates/$2.crt" >"$here/front.out" 2>&1 &
	helpers+=($!)
	until_true [ -S "$here/tls.sock" ]
	: >"$here/proxy.log"
	node "$TN_TOP/tests/e2e/proxy.cjs" "$here/proxy.log" "$here/tls.sock" \
		>"$here/proxy.out" 2>"$here/proxy.err" &
	helpers+=($!)
	until_true [ -s "$here/proxy.out" ]
	proxy_port=$(cat "$here/proxy.out")
	connect_to other.example
	export HTTPS_PROXY=http://127.0.0.1:$proxy_port
}
connections() { grep -c '^CONNECT other.example:443 200$' "$here/proxy.log"; }
# asked PATTERN: how many requests the front has seen that are like it
asked() { grep -c -- "$1" "$here/front.log"; }
went_by() { # PROTOCOL MOST-CONNECTIONS
	ended 0 Applied
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
	same 'requests by another protocol' "$(grep -vc " $1 " "$here/front.log")" 0
	[ "$(asked "/api/v2/.* $1 ")" -gt 10 ] || echo "too few requests: $(cat "$here/front.log")"
	at_most connections "$(connections)" "$2"
	same 'asked of the proxy' "$(grep -v '^CONNECT other.example:443 200$' "$here/proxy.log")" ''
}

front h2 other
t apply --yes --ca-file "$certificates/other.crt"
check 'HTTP/2 where the server has it, and one connection' went_by HTTP/2 1
front h1 other --npn-list=http/1.1
t apply --yes --ca-file "$certificates/other.crt"
check 'HTTP/1.1 where it has not, and a connection for each call under way' went_by HTTP/1.1 4

# --- certificates ---

unasked() { # STATUS SAID...
	ended "$@"
	same 'requests' "$(cat "$here/front.log")" ''
}
front unknown other
t plan
check 'a certificate that nobody vouches for' unasked 1 'certificate is not trusted' --ca-file
t plan --ca-file "$certificates/localhost.crt"
check 'a certificate that somebody else vouches for' unasked 1 'certificate is not trusted'
t plan --ca-file "$here/none.crt"
check 'a file of certificates that is not there' unasked 1 "$here/none.crt" --ca-file
front misnamed localhost
t plan --ca-file "$certificates/localhost.crt"
check 'a certificate for another name' unasked 1 'certificate is not trusted'

# --- the proxy ---

front proxy other
through() { t plan --ca-file "$certificates/other.crt" --timeout 20s; }
HTTPS_PROXY='' https_proxy=http://127.0.0.1:$proxy_port through
check 'the variable in small letters does as well' ended 0 'Plan: 5 to create'
: >"$here/proxy.log"
NO_PROXY=other.example through
check_not_proxied() {
	ended 1 other.example
	same 'asked of the proxy' "$(cat "$here/proxy.log")" ''
}
check 'NO_PROXY names hosts that are reached without it' check_not_proxied
NO_PROXY=else.example through
check 'and no others' ended 0 'Plan: 5 to create'
HTTPS_PROXY=http://127.0.0.1:1 through
check 'a proxy that is not there' ended 1 'no connection' HTTPS_PROXY
HTTPS_PROXY=http://no-such-proxy.invalid:1 through
check 'a proxy whose name has no address' ended 1 HTTPS_PROXY

: >"$here/proxy.out"
PROXY_LOGIN=me:$password node "$TN_TOP/tests/e2e/proxy.cjs" "$here/proxy.log" \
	"$here/tls.sock" >"$here/proxy.out" 2>"$here/proxy.err" &
helpers+=($!)
until_true [ -s "$here/proxy.out" ]
proxy_port=$(cat "$here/proxy.out")
HTTPS_PROXY=http://me:$password@127.0.0.1:$proxy_port through
check 'a proxy that wants a password' ended 0 'Plan: 5 to create'
HTTPS_PROXY=http://me:wrong-$password@127.0.0.1:$proxy_port through
check 'and gets another one' ended 1 'the proxy does not know us' HTTPS_PROXY
HTTPS_PROXY=http://127.0.0.1:$proxy_port through
check 'and gets none' ended 1 'the proxy does not know us' HTTPS_PROXY
unset HTTPS_PROXY

# --- redirects ---

# redirected STATUS PATH: every answer there leads elsewhere
redirected() {
	: >"$here/redirect.log"
	: >"$here/redirect.out"
	node "$TN_TOP/tests/e2e/redirect.cjs" "$here/redirect.log" "$1" "$2" \
		>"$here/redirect.out" 2>"$here/redirect.err" &
	helpers+=($!)
	until_true [ -s "$here/redirect.out" ]
	connect_to "http://127.0.0.1:$(cat "$here/redirect.out")"
	t plan
	ended 1 "answers $1" 'redirects are not followed'
	grep evil "$here/redirect.log"
	same 'last request' "$(tail -n 1 "$here/redirect.log" | cut -d' ' -f2)" "$2"
}
world redirects
for status_code in 301 302 307 308; do
	check "a token is not asked for elsewhere ($status_code)" redirected $status_code /oauth/token
	check "nor is one shown elsewhere ($status_code)" redirected $status_code \
		/api/v2/actions/actions
done
finish
