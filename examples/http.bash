# To be sourced: HTTP to a tenant on this machine, with nothing but bash.
#
#   http METHOD PATH [BODY]   prints the answer's body; status 0 for an answer of 2xx
#
# $port is where the tenant listens; $token, if there is one, goes along as a bearer token.

http() {
	local LC_ALL=C body=${3-} status='' line fd
	exec {fd}<>"/dev/tcp/127.0.0.1/$port" || return 1
	{
		printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n' \
			"$1" "$2" "$port"
		[ -z "${token-}" ] || printf 'Authorization: Bearer %s\r\n' "$token"
		printf 'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
			${#body} "$body"
	} >&"$fd"
	IFS= read -r -t 20 status <&"$fd"
	while IFS= read -r -t 20 line <&"$fd" && [ "$line" != $'\r' ]; do :; done
	timeout 20 cat <&"$fd"
	exec {fd}>&-
	[[ $status == HTTP/1.?\ 2* ]]
}
