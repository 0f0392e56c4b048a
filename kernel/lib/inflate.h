/* SPDX-License-Identifier: GPL-2.0-only */
/* Unpacking gzip data.  zlib's inflate (from Debian's source package) does the work. */
#pragma once

#include <kernel/lib/types.h>

/* Takes the next @n unpacked bytes; not 0: stop, and that is gunzip()'s result. */
typedef int (*gunzip_sink_t)(void *arg, const u8 *data, size_t n);

/*
 * Unpack the gzip member at @in, at most @len bytes; *consumed tells how many it was.  May sleep.
 * 0; -EINVAL: corrupt or cut off; -ENOMEM; what the sink returned.
 */
int gunzip(const u8 *in, size_t len, gunzip_sink_t sink, void *arg, size_t *consumed);
