// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel command line; see cmdline.h.
 *
 * cmdline_init() cuts a copy into words once and notes where keys and values begin; look-ups
 * search that table from its end.  Written once on the boot CPU, read-only afterwards.
 */
#include <kernel/lib/cmdline.h>

#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>

#define MAX_WORDS	128

struct word {
	const char *key;
	const char *value;	/* NULL: there was no '=' */
};

static char raw[COMMAND_LINE_SIZE];	/* [I] as given */
static char cut[COMMAND_LINE_SIZE];	/* [I] cut into words */
static struct word words[MAX_WORDS];	/* [I] */
static unsigned int nr_words;		/* [I] before "--" */
static unsigned int nr_all;		/* [I] with the arguments of init */

/* Terminates the word at s; returns where the next may begin.  Quotes hide white space. */
static char *cut_word(char *s, char **equals)
{
	bool quoted = false;

	*equals = NULL;
	for (; *s && (quoted || !isspace((u8)*s)); s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (*s == '=' && !*equals)
			*equals = s;
	}
	if (*s)
		*s++ = '\0';
	return s;
}

/* Takes quotes off that surround the whole text. */
static char *unquote(char *s)
{
	size_t len = strlen(s);

	if (*s != '"')
		return s;
	if (len > 1 && s[len - 1] == '"')
		s[len - 1] = '\0';
	return s + 1;
}

void cmdline_init(const char *line)
{
	bool for_init = false;
	char *s;

	strscpy(raw, line, sizeof(raw));
	strscpy(cut, raw, sizeof(cut));
	nr_words = 0;
	nr_all = 0;
	for (s = skip_spaces(cut); *s && nr_all < MAX_WORDS; s = skip_spaces(s)) {
		struct word *word = &words[nr_all];
		char *start = s;
		char *equals;

		s = cut_word(s, &equals);
		if (!for_init && !strcmp(start, "--")) {
			for_init = true;
			continue;
		}
		word->key = unquote(start);
		word->value = NULL;
		if (equals && !for_init && equals >= word->key) {
			*equals = '\0';
			word->value = unquote(equals + 1);
		}
		nr_all++;
		nr_words += !for_init;
	}
}

const char *cmdline_raw(void)
{
	return raw;
}

static bool same_key(const char *a, const char *b)
{
	for (;; a++, b++) {
		char x = *a == '-' ? '_' : *a;
		char y = *b == '-' ? '_' : *b;

		if (x != y)
			return false;
		if (!x)
			return true;
	}
}

const char *cmdline_get(const char *key)
{
	for (unsigned int i = nr_words; i-- > 0; ) {
		if (same_key(words[i].key, key))
			return words[i].value ? words[i].value : "";
	}
	return NULL;
}

int cmdline_find(const char *key, char *buf, size_t size)
{
	const char *value = cmdline_get(key);

	return value ? (int)strscpy(buf, value, size) : -ENOENT;
}

bool cmdline_bool(const char *key)
{
	const char *value = cmdline_get(key);
	bool truth;

	if (!value)
		return false;
	if (!*value)
		return true;
	return kstrtobool(value, &truth) == 0 && truth;
}

unsigned long long cmdline_number(const char *key, unsigned long long missing)
{
	const char *value = cmdline_get(key);
	unsigned long long number;
	char *end;

	if (!value)
		return missing;
	number = memparse(value, &end);
	return end == value || *end ? missing : number;
}

const char *cmdline_word(unsigned int i, const char **value)
{
	if (i >= nr_words)
		return NULL;
	if (value)
		*value = words[i].value;
	return words[i].key;
}

const char *cmdline_init_arg(unsigned int i)
{
	return i < nr_all - nr_words ? words[nr_words + i].key : NULL;
}
