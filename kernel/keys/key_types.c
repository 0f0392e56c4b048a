// SPDX-License-Identifier: GPL-2.0-only
/* The types of keys: keyring, user (a blob that can be read) and logon (one that only the kernel may read). */
#include <kernel/keys/internal.h>

#include <kernel/lib/string.h>

/* The service that a logon key is for comes first: "service:name". */
static int check_logon(const char *desc)
{
	const char *colon = strchr(desc, ':');

	return !colon || colon == desc ? -EINVAL : 0;
}

const struct key_type key_type_keyring = { .name = "keyring", .readable = true };
const struct key_type key_type_user = { .name = "user", .readable = true, .updatable = true };
const struct key_type key_type_logon = { .name = "logon", .updatable = true, .check_description = check_logon };

static const struct key_type *const types[] = { &key_type_keyring, &key_type_user, &key_type_logon };

const struct key_type *find_key_type(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i]->name, name))
			return types[i];
	return NULL;
}
