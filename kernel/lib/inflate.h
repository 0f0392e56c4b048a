/* SPDX-License-Identifier: GPL-2.0-only */
/* Unpacking gzip and zlib data.  zlib's inflate (from Debian's source package) does the work. */
#pragma once

#include <kernel/lib/types.h>

/* Takes the next @n unpacked bytes; not 0: stop, and that is gunzip()'s result. */
typedef int (*gunzip_sink_t)(void *arg, const u8 *data, size_t n);

/*
 * Unpack the gzip member at @in, at most @len bytes; *consumed tells how many it was.  May sleep.
 * 0; -EINVAL: corrupt or cut off; -ENOMEM; what the sink returned.
 */
int gunzip(const u8 *in, size_t len, gunzip_sink_t sink, void *arg, size_t *consumed);

/*
 * Unpack the zlib stream at @in, which is @in_len bytes, into @out, which has room for @out_len, in one go.
 * @work: INFLATE_WORK bytes, as aligned as a u64. Any context: nothing is allocated.
 * How many bytes came out; -EINVAL: corrupt, cut off, or more than that.
 */
int inflate_once(const u8 *in, size_t in_len, void *out, size_t out_len, void *work);
#define INFLATE_WORK	8192
