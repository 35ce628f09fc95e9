/*
 * Functions that nobody calls here. The build includes this file before the first line of
 * every source below lib/ and cmd/, so that a call does not compile; the error names the
 * function and this file.
 *
 * What to use instead:
 *   copying, joining    the growing buffers of base, or memcpy with a checked length
 *   formatting          the same buffers, or snprintf with its result checked
 *   numbers from text   the parsers of base, which see overflow and rubbish
 *   memory              tn_alloc and kin (base/mem.h), or an arena
 *   other programs      base's processes: clean environment, no shell
 *   chance, dates       base's random and time
 *
 * A wall sometimes has to give memory to a library, or free what the library made with
 * malloc. Then, and in base's own allocator, the room says so for that one file in its
 * room.mk, for example `base_MALLOC := mem.c`. That file may use malloc, calloc, realloc
 * and free, and still none of the others.
 */
#ifndef TN_BASE_BANNED_H
#define TN_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The C library has inline bodies or macros of these, so the name itself is taken. */
#undef sprintf
#undef vsprintf
#undef asprintf
#undef vasprintf
#define TN_BANNED(function) tn_banned_##function##_see_base_banned_h

/* Copies without a bound, or with one that drops the terminator. */
#define strcpy(...)   TN_BANNED(strcpy)
#define strcat(...)   TN_BANNED(strcat)
#define strncpy(...)  TN_BANNED(strncpy)
#define strncat(...)  TN_BANNED(strncat)
#define stpcpy(...)   TN_BANNED(stpcpy)
#define stpncpy(...)  TN_BANNED(stpncpy)
#define sprintf(...)  TN_BANNED(sprintf)
#define vsprintf(...) TN_BANNED(vsprintf)
#define gets(...)     TN_BANNED(gets)

/* Numbers without errors; memory that is handed out unasked. */
#define atoi(...)      TN_BANNED(atoi)
#define atol(...)      TN_BANNED(atol)
#define atoll(...)     TN_BANNED(atoll)
#define atof(...)      TN_BANNED(atof)
#define asprintf(...)  TN_BANNED(asprintf)
#define vasprintf(...) TN_BANNED(vasprintf)
#define getline(...)   TN_BANNED(getline)

/* Memory from a stack that cannot say no. */
#undef alloca
#undef strdupa
#undef strndupa
#define alloca(...)   TN_BANNED(alloca)
#define strdupa(...)  TN_BANNED(strdupa)
#define strndupa(...) TN_BANNED(strndupa)

/* Every mention of the following is an error; a struct may still have a member `free`. */
#define TN_BAN(function)                     \
	extern __typeof__(function) function \
	    __attribute__((unavailable("banned, see base/banned.h")))

/* Memory that may come back as NULL. */
#ifndef TN_BANNED_ALLOW_MALLOC
TN_BAN(malloc);
TN_BAN(calloc);
TN_BAN(realloc);
TN_BAN(free);
#endif
TN_BAN(reallocarray);
TN_BAN(aligned_alloc);
TN_BAN(posix_memalign);
TN_BAN(strdup);
TN_BAN(strndup);
TN_BAN(getdelim);

/* Parsers without bounds, without errors or with hidden state. */
TN_BAN(strtok);
TN_BAN(scanf);
TN_BAN(fscanf);
TN_BAN(sscanf);
TN_BAN(vscanf);
TN_BAN(vfscanf);
TN_BAN(vsscanf);

/* A shell between us and the program that was meant. */
TN_BAN(system);
TN_BAN(popen);

/* File names that somebody else can take first. */
TN_BAN(mktemp);
TN_BAN(tmpnam);
TN_BAN(tempnam);

/* Chance that no seed of ours controls; times in a buffer that everybody shares. */
TN_BAN(rand);
TN_BAN(srand);
TN_BAN(random);
TN_BAN(srandom);
TN_BAN(ctime);
TN_BAN(asctime);
TN_BAN(gmtime);
TN_BAN(localtime);

#undef TN_BAN

#endif
