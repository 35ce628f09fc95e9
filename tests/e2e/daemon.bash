# To be sourced behind common.bash: a running tenond, and the repository it follows.
#
#   repository               the project's files in $here/origin.git, $here/project a clone
#   push WORDS               commits everything in the project and pushes it
#   settings [LINE...]       writes tenond.yaml: one sync, login; the lines go to its end
#   start_daemon [OPTION...] and waits until it has started: $daemon, $door
#   ask COMMAND [ARGUMENT...] tenon's commands for it, as `t` does
#   told EVENT [WORDS]       whether an event of this kind, with these words, was told
#   times EVENT              how often

repository() {
	git init -q --bare -b main "$here/origin.git"
	git init -q -b main "$here/project"
	git -C "$here/project" remote add origin "$here/origin.git"
	push 'The login of acme'
}

push() { # WORDS [OPTION...]
	git add -A && git commit -qm "$1" && git push -q "${@:2}" origin HEAD:main
}

settings() { # [LINE...]
	cat >"$here/operator/tenond.yaml" <<-SETTINGS
		tenond: 1
		connections: connections.yaml
		state: $here/daemon/state.db
		cache: $here/cache
		control: $here/control.sock
		listen: 127.0.0.1:0
		syncs:
		  login:
		    source: file://$here/origin.git
		    revision: main
		    connection: dev
		    interval: 1s
	SETTINGS
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$here/operator/tenond.yaml"
}

told() { # EVENT [WORDS]
	grep -F "\"event\":\"$1\"" "$here/events" | grep -qF -- "${2-}"
}
times() { grep -cF "\"event\":\"$1\"" "$here/events"; }

start_daemon() { # [OPTION...]
	: >"$here/events"
	tenond --config "$here/operator/tenond.yaml" "$@" \
		>"$here/events" 2>"$here/daemon.err" </dev/null &
	daemon=$!
	tenants+=("$daemon")
	until_true started || cat "$here/daemon.err"
	door=$(sed -n 's/.*"event":"started".*"listen":"127\.0\.0\.1:\([0-9]*\)".*/\1/p' \
		"$here/events")
}
started() { told started || ! kill -0 "$daemon" 2>/dev/null; }

stop_daemon() { # [SIGNAL]: sets status
	kill "-${1-TERM}" "$daemon"
	wait "$daemon" 2>/dev/null
	status=$?
	cat "$here/events" "$here/daemon.err" >>"$work/all-output"
}

ask() {
	t "$1" --control "$here/control.sock" "${@:2}"
}

# at_door METHOD PATH [BODY]: like http, of the daemon
at_door() {
	local port=$door token=''
	http "$@"
}

# What a member of the one sync's status says.
sync_is() { # KEY VALUE
	ask status --json
	[ "$(json "$out" syncs 0 "$1")" = "$2" ]
}
