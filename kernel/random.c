// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random numbers.
 *
 *  sources -> pool (256 bits, a ChaCha20 sponge) -> base key -> output
 *
 * Each request takes one ChaCha20 block of the base key: half of it becomes the next base key (so
 * nobody who reads memory later can compute what was given out), half serves the request: as it is
 * if that is enough, else as the key of a stream. Small integers come from a per-CPU batch. The pool
 * feeds the base key anew when 256 bits have been credited, then at most once a minute. Interrupts
 * are gathered per CPU and mixed in every 64.
 *
 * pool_lock covers pool and base key; it is taken with irqs off, from any context.
 */
#include <kernel/random.h>

#include <generated/syscalls.h>
#include <kernel/arch.h>
#include <kernel/cred.h>
#include <kernel/lib/chacha20.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched/wait.h>
#include <kernel/time/timekeeping.h>
#include <asm/uaccess.h>

#define KEY_WORDS	8
#define KEY_BYTES	(KEY_WORDS * sizeof(u32))
#define POOL_BITS	256
#define RESEED_NS	(60 * NSEC_PER_SEC)
#define IRQS_PER_MIX	64
#define JITTER_BITS	4		/* credited for each timed sleep while waiting for entropy */
#define BATCH_BYTES	512		/* ten execs' worth; the key is one block more */

static u32 pool[KEY_WORDS];		/* [pool_lock] */
static u32 pool_counter;		/* [pool_lock] */
static unsigned int pool_bits;		/* [pool_lock] credited since the last reseed */
/* [pool_lock] As the block function wants it, so that a request copies but the key. */
static u32 base_state[CHACHA20_STATE_WORDS] = CHACHA20_CONSTANT;
static u32 *const base_key = base_state + 4;	/* [pool_lock] KEY_WORDS of it */
static u64 next_reseed;			/* [pool_lock] ns */
static bool ready;			/* [a] enough was credited once */
static u32 generation;			/* [a] counts reseeds: batches of older ones are dropped */
static DEFINE_SPINLOCK_RANK(pool_lock, LOCK_RANK_RANDOM);
DECLARE_WAIT_QUEUE_HEAD(random_wait);

struct batch {
	u8		bytes[BATCH_BYTES];	/* [that CPU, irqs off] */
	unsigned int	left;
	u32		generation;
};
static DEFINE_PER_CPU(struct batch, batches);

/* Gathered by interrupts of one CPU, irqs off. */
struct fast_pool {
	u64		hash;
	unsigned int	count;
};
static DEFINE_PER_CPU(struct fast_pool, fast_pools);

/* ---- pool: lock held ----------------------------------------------------------------------- */

static void block(const u32 key[KEY_WORDS], u64 nonce, u8 out[CHACHA20_BLOCK_SIZE])
{
	u8 nonce_bytes[CHACHA20_NONCE_SIZE] = { 0 };
	u32 state[CHACHA20_STATE_WORDS];

	memcpy(nonce_bytes, &nonce, sizeof(nonce));
	chacha20_init(state, (const u8 *)key, nonce_bytes, 0);
	chacha20_block(state, out);
	memzero_explicit(state, sizeof(state));
}

/* Absorb: xor 32 bytes in, then a one-way step. */
static void mix_pool(const void *data, size_t len)
{
	u8 out[CHACHA20_BLOCK_SIZE];
	const u8 *p = data;

	do {
		size_t n = min_t(size_t, len, sizeof(pool)), i;

		for (i = 0; i < n; i++)
			((u8 *)pool)[i] ^= p[i];
		block(pool, pool_counter++, out);
		memcpy(pool, out, sizeof(pool));
		p += n;
		len -= n;
	} while (len);
	memzero_explicit(out, sizeof(out));
}

static void reseed(void)
{
	u8 out[CHACHA20_BLOCK_SIZE];
	unsigned int i;

	block(pool, ~0ULL, out);
	for (i = 0; i < KEY_WORDS; i++)
		base_key[i] ^= ((u32 *)out)[i];
	mix_pool(out + KEY_BYTES, sizeof(out) - KEY_BYTES);
	memzero_explicit(out, sizeof(out));
	pool_bits = 0;
	WRITE_ONCE(generation, generation + 1);
	next_reseed = sched_clock() + RESEED_NS;
}

/* Returns whether the generator has become ready. */
static bool credit(unsigned int bits)
{
	pool_bits = min_t(unsigned int, pool_bits + bits, POOL_BITS);
	if (pool_bits < POOL_BITS || (ready && sched_clock() < next_reseed))
		return false;
	reseed();
	return !xchg(&ready, true);
}

static void add_entropy(const void *buf, size_t len, unsigned int bits)
{
	u64 cycles = cpu_cycles();
	unsigned long flags;
	bool became_ready;

	spin_lock_irqsave(&pool_lock, flags);
	mix_pool(&cycles, sizeof(cycles));
	mix_pool(buf, len);
	became_ready = credit(bits);
	spin_unlock_irqrestore(&pool_lock, flags);
	if (became_ready)
		wake_up_all(&random_wait);
}

/* ---- sources ------------------------------------------------------------------------------- */

void add_device_randomness(const void *buf, size_t len)
{
	add_entropy(buf, len, 0);
}

void add_hwgenerator_randomness(const void *buf, size_t len, unsigned int bits)
{
	add_entropy(buf, len, bits);
}

void add_interrupt_randomness(unsigned int irq)
{
	struct fast_pool *fast = this_cpu_ptr(&fast_pools);

	fast->hash = (fast->hash << 7 | fast->hash >> 57) * 0x9e3779b97f4a7c15ULL ^ cpu_cycles() ^ irq;
	if (likely(++fast->count < IRQS_PER_MIX))
		return;
	fast->count = 0;
	add_entropy(&fast->hash, sizeof(fast->hash), 1);
}

bool rng_is_initialized(void)
{
	return READ_ONCE(ready);
}

unsigned int random_entropy_avail(void)
{
	return rng_is_initialized() ? POOL_BITS : READ_ONCE(pool_bits);
}

/* ---- output -------------------------------------------------------------------------------- */

/*
 * A block whose second half, block_key(), is for one request, and which nobody can compute again: the base key
 * is replaced. The caller wipes it. The base state's counter differs for each block, too.
 */
static void take_block(u8 out[CHACHA20_BLOCK_SIZE])
{
	unsigned long flags;

	spin_lock_irqsave(&pool_lock, flags);
	chacha20_block(base_state, out);
	memcpy(base_key, out, KEY_BYTES);
	spin_unlock_irqrestore(&pool_lock, flags);
}

static u8 *block_key(u8 block[CHACHA20_BLOCK_SIZE])
{
	return block + KEY_BYTES;
}

static void stream_init(u32 state[CHACHA20_STATE_WORDS])
{
	u8 nonce[CHACHA20_NONCE_SIZE] = { 0 };
	u8 block[CHACHA20_BLOCK_SIZE];

	take_block(block);
	chacha20_init(state, block_key(block), nonce, 0);
	memzero_explicit(block, sizeof(block));
}

static void get_random_stream(u8 *p, size_t len)
{
	u32 state[CHACHA20_STATE_WORDS];
	u8 out[CHACHA20_BLOCK_SIZE];

	stream_init(state);
	while (len) {
		size_t n = min_t(size_t, len, sizeof(out));

		chacha20_block(state, out);
		memcpy(p, out, n);
		p += n;
		len -= n;
	}
	memzero_explicit(out, sizeof(out));
	memzero_explicit(state, sizeof(state));
}

void get_random_bytes(void *buf, size_t len)
{
	u8 block[CHACHA20_BLOCK_SIZE];

	if (len > KEY_BYTES) {
		get_random_stream(buf, len);
		return;
	}
	take_block(block);
	memcpy(buf, block_key(block), len);
	memzero_explicit(block, sizeof(block));
}

static void from_batch(void *val, size_t size)
{
	unsigned long flags = irq_save();
	struct batch *b = this_cpu_ptr(&batches);

	if (b->left < size || unlikely(b->generation != READ_ONCE(generation))) {
		b->generation = READ_ONCE(generation);
		get_random_bytes(b->bytes, sizeof(b->bytes));
		b->left = sizeof(b->bytes);
	}
	b->left -= size;
	memcpy(val, b->bytes + b->left, size);
	memset(b->bytes + b->left, 0, size);
	irq_restore(flags);
}

u32 get_random_u32(void)
{
	u32 v;

	from_batch(&v, sizeof(v));
	return v;
}

u64 get_random_u64(void)
{
	u64 v;

	from_batch(&v, sizeof(v));
	return v;
}

unsigned long get_random_long(void)
{
	unsigned long v;

	from_batch(&v, sizeof(v));
	return v;
}

u32 get_random_u32_below(u32 ceil)
{
	u64 product;

	if (!ceil)
		return 0;
	/* The high half of a product is uniform if low values of the low half are refused. */
	do {
		product = (u64)get_random_u32() * ceil;
	} while ((u32)product < -ceil % ceil);
	return product >> 32;
}

/* ---- user space ---------------------------------------------------------------------------- */

/* Nobody feeds us: the times at which sleeps end jitter. */
int wait_for_random_bytes(void)
{
	while (!rng_is_initialized()) {
		u64 cycles;
		s64 left = wait_event_interruptible_timeout(random_wait, rng_is_initialized(),
							    10 * NSEC_PER_MSEC);

		if (left < 0)
			return left;
		cycles = cpu_cycles();
		add_entropy(&cycles, sizeof(cycles), JITTER_BITS);
	}
	return 0;
}

static ssize_t copy_stream(char __user *buf, size_t len)
{
	u32 state[CHACHA20_STATE_WORDS];
	u8 out[CHACHA20_BLOCK_SIZE];
	size_t done = 0;

	stream_init(state);
	while (done < len) {
		size_t n = min_t(size_t, len - done, sizeof(out)), missed;

		chacha20_block(state, out);
		missed = copy_to_user(buf + done, out, n);
		done += n - missed;
		if (missed)
			break;
		if (done % PAGE_SIZE == 0 && signal_pending(current))
			break;
	}
	memzero_explicit(out, sizeof(out));
	memzero_explicit(state, sizeof(state));
	return done ? (ssize_t)done : -EFAULT;
}

/* Keys and nonces are what programs ask for most: one block makes them, not two (getrandom of 16 bytes:
 * arm64 3,095 -> 1,337, arm 4,575 -> 2,005). */
static ssize_t copy_random(char __user *buf, size_t len)
{
	u8 block[CHACHA20_BLOCK_SIZE];
	size_t missed;

	if (!len)
		return 0;
	if (len > KEY_BYTES)
		return copy_stream(buf, min_t(size_t, len, INT_MAX & PAGE_MASK));
	take_block(block);
	missed = copy_to_user(buf, block_key(block), len);
	memzero_explicit(block, sizeof(block));
	return missed == len ? -EFAULT : (ssize_t)(len - missed);
}

ssize_t urandom_read(char __user *buf, size_t len)
{
	if (!rng_is_initialized())
		pr_notice_once("random: uninitialized urandom read\n");
	return copy_random(buf, len);
}

ssize_t random_read(char __user *buf, size_t len, bool nonblock)
{
	int err;

	if (!rng_is_initialized() && nonblock)
		return -EAGAIN;
	err = wait_for_random_bytes();
	return err ? err : copy_random(buf, len);
}

ssize_t random_write(const char __user *buf, size_t len)
{
	u8 chunk[64];
	size_t done = 0;

	while (done < len) {
		size_t n = min_t(size_t, len - done, sizeof(chunk));

		if (copy_from_user(chunk, buf + done, n))
			return done ? (ssize_t)done : -EFAULT;
		add_device_randomness(chunk, n);
		done += n;
		if (done % PAGE_SIZE == 0 && signal_pending(current))
			break;
	}
	return done;
}

unsigned int random_poll_mask(void)
{
	return (rng_is_initialized() ? EPOLLIN | EPOLLRDNORM : 0) | EPOLLOUT | EPOLLWRNORM;
}

long sys_getrandom(char __user *buf, size_t count, unsigned int flags)
{
	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & GRND_INSECURE) && (flags & GRND_RANDOM))
		return -EINVAL;
	if (flags & GRND_INSECURE)
		return copy_random(buf, count);
	return random_read(buf, count, flags & GRND_NONBLOCK);
}

void random_init(void)
{
	u64 seed[2] = { cpu_cycles(), cpu_hwid(0) };

	add_device_randomness(seed, sizeof(seed));
	add_device_randomness(arch_machine_name(), strlen(arch_machine_name()));
}
