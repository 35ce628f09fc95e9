# Prints the tokens of JavaScript files: tests/e2e/tokens.sh compares them with acorn's.
KIND := js
js_PROGS := tokens
js_MANUAL := tokens
js_NEEDS := js
