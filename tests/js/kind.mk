# JavaScript: tokens prints those of files, which tests/e2e/tokens.sh compares with acorn's.
KIND := js
js_PROGS := tokens speed
js_MANUAL := tokens
js_BENCH := speed
js_NEEDS := js lint
