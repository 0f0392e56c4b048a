// SPDX-License-Identifier: GPL-2.0-only
/* gunzip() and inflate_once() on zlib's inflate. Each call has its own state: no locks. */
#include <kernel/lib/inflate.h>

#include <kernel/lib/err.h>
#include <mm/slab.h>

#include <zlib.h>

#define CHUNK	32768

static void *zlib_alloc(void *opaque, unsigned int items, unsigned int size)
{
	return kcalloc(items, size, GFP_KERNEL);
}

static void zlib_free(void *opaque, void *p)
{
	kfree(p);
}

static int inflate_all(z_stream *z, u8 *out, gunzip_sink_t sink, void *arg)
{
	int ret, err;

	do {
		z->next_out = out;
		z->avail_out = CHUNK;
		ret = inflate(z, Z_NO_FLUSH);
		if (ret == Z_MEM_ERROR)
			return -ENOMEM;
		if (ret != Z_OK && ret != Z_STREAM_END)
			return -EINVAL;		/* corrupt, or the input ended too early */
		err = sink(arg, out, CHUNK - z->avail_out);
		if (err)
			return err;
	} while (ret != Z_STREAM_END);
	return 0;
}

int gunzip(const u8 *in, size_t len, gunzip_sink_t sink, void *arg, size_t *consumed)
{
	z_stream z = { .zalloc = zlib_alloc, .zfree = zlib_free, .next_in = (u8 *)in, .avail_in = len };
	u8 *out = kmalloc(CHUNK, GFP_KERNEL);
	int err = -ENOMEM;

	*consumed = 0;
	if (!out)
		return -ENOMEM;
	if (inflateInit2(&z, 16 + MAX_WBITS) == Z_OK) {		/* 16: a gzip header is expected */
		err = inflate_all(&z, out, sink, arg);
		*consumed = len - z.avail_in;
		inflateEnd(&z);
	}
	kfree(out);
	return err;
}

/* All at once zlib needs no window, only its state: the one allocation it makes is the caller's memory. */
static void *work_alloc(void *work, unsigned int items, unsigned int size)
{
	return (size_t)items * size <= INFLATE_WORK ? work : NULL;
}

static void work_free(void *work, void *p)
{
}

int inflate_once(const u8 *in, size_t in_len, void *out, size_t out_len, void *work)
{
	z_stream z = {
		.zalloc = work_alloc, .zfree = work_free, .opaque = work,
		.next_in = (u8 *)in, .avail_in = in_len, .next_out = out, .avail_out = out_len,
	};

	if (inflateInit(&z) != Z_OK || inflate(&z, Z_FINISH) != Z_STREAM_END)
		return -EINVAL;
	return z.total_out;
}
