ROOM := js
js_SRCS := context.c escape.c frame.c lexer.c name.c number.c pattern.c punctuator.c regexp.c \
	signs.c string.c trivia.c unicode.c words.c
js_NEEDS := base
js_PKGS :=
