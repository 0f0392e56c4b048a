// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clocks: monotonic, real, boot, TAI, raw; from one clocksource.
 *
 * The counter's progress since cycle_last, times mult >> shift, is added to the time at cycle_last.
 * Busy CPUs' ticks move cycle_last forward; an idle machine does so at least every few minutes
 * (clockevent.c), long before the product overflows.  Readers take no lock (tk.seq).
 */
#include <fs/timerfd.h>
#include <kernel/time/timekeeping.h>

#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/printk.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/internal.h>
#include <kernel/time/tick.h>
#include <kernel/time/vdso_data.h>

#define MAX_UPDATE_GAP_SEC	600	/* bounds delta * mult; see CLOCKEVENT_MAX_NS */
#define LONGEST_UPTIME_SEC	(30LL * 365 * 24 * 3600)

static u64 read_nothing(struct clocksource *cs)
{
	return 0;
}

static struct clocksource no_clocksource = {
	.name = "none", .read = read_nothing, .mask = ~0ULL, .mult = 1, .shift = 0, .rating = 0,
};

struct timekeeper tk = { .cs = &no_clocksource, .mult = 1 };
DEFINE_SPINLOCK_RANK(tk_lock, LOCK_RANK_TIMEKEEPING);
static u64 last_slew;			/* [tk_lock] mono_ns of the last ntp_slew() */

/* sched_clock() runs straight from the counter: never corrected, never set. */
struct sched_clock_source {
	struct clocksource	*cs;
	u64			epoch;	/* counter when it began */
	u64			base;	/* ns then */
	u64			mask;	/* as cs->mask */
	u32			whole;	/* ns of a step ... */
	u32			frac;	/* ... and 2^-32 ns on top */
};
static struct sched_clock_source sched_clock_copies[2];
static struct sched_clock_source *sched_clock_source;	/* [a] one of the copies; NULL: no clock yet */

static inline u64 read_cycles(void)
{
	return tk.cs->read((struct clocksource *)tk.cs);
}

/* Counter steps since the last update. A small step back (another CPU's counter) counts as none. */
static inline u64 cycles_since_update(void)
{
	u64 delta = (read_cycles() - tk.cycle_last) & tk.cs->mask;

	return unlikely(delta > tk.cs->mask / 2) ? 0 : delta;
}

/* Twice in each switch: so without the shifts by variables that mult and shift would need. */
u64 sched_clock(void)
{
	const struct sched_clock_source *s = __atomic_load_n(&sched_clock_source, __ATOMIC_ACQUIRE);
	u64 steps;

	if (unlikely(!s))
		return 0;
	steps = (s->cs->read(s->cs) - s->epoch) & s->mask;
	return s->base + steps * s->whole + (steps >> 32) * s->frac +
	       (mul_u32_u32((u32)steps, s->frac) >> 32);
}

/* ---- reading ------------------------------------------------------------------------------- */

u64 ktime_get_ns(void)
{
	u32 seq;
	u64 ns;

	do {
		seq = read_seqcount_begin(&tk.seq);
		ns = tk.mono_ns + ((cycles_since_update() * tk.mult + tk.frac) >> tk.shift);
	} while (read_seqcount_retry(&tk.seq, seq));
	return ns;
}

u64 ktime_get_real_ns(void)
{
	u32 seq;
	u64 ns;

	do {
		seq = read_seqcount_begin(&tk.seq);
		ns = tk.mono_ns + tk.wall_offset +
		     ((cycles_since_update() * tk.mult + tk.frac) >> tk.shift);
	} while (read_seqcount_retry(&tk.seq, seq));
	return ns;
}

u64 ktime_get_boottime_ns(void)
{
	return ktime_get_ns();
}

u64 ktime_get_tai_ns(void)
{
	return ktime_get_ns() + ktime_clock_offset(CLOCK_TAI);
}

u64 ktime_get_raw_ns(void)
{
	u32 seq;
	u64 ns;

	do {
		seq = read_seqcount_begin(&tk.seq);
		ns = tk.raw_ns + ((cycles_since_update() * tk.cs->mult + tk.raw_frac) >> tk.shift);
	} while (read_seqcount_retry(&tk.seq, seq));
	return ns;
}

static u64 read_coarse(bool real)
{
	u32 seq;
	u64 ns;

	do {
		seq = read_seqcount_begin(&tk.seq);
		ns = tk.mono_ns + (real ? tk.wall_offset : 0);
	} while (read_seqcount_retry(&tk.seq, seq));
	return ns;
}

u64 ktime_get_coarse_ns(void)
{
	return read_coarse(false);
}

u64 ktime_get_coarse_real_ns(void)
{
	return read_coarse(true);
}

time64_t ktime_get_real_seconds(void)
{
	return div_u64(read_coarse(true), NSEC_PER_SEC);
}

time64_t ktime_get_seconds(void)
{
	return div_u64(read_coarse(false), NSEC_PER_SEC);
}

s64 ktime_clock_offset(clockid_t clock)
{
	s64 offset;
	u32 seq;

	if (clock != CLOCK_REALTIME && clock != CLOCK_TAI)
		return 0;
	do {
		seq = read_seqcount_begin(&tk.seq);
		offset = tk.wall_offset;
		if (clock == CLOCK_TAI)
			offset += tk.tai_offset * NSEC_PER_SEC;
	} while (read_seqcount_retry(&tk.seq, seq));
	return offset;
}

int ktime_get_clock(clockid_t clock, u64 *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_ALARM:
		*ns = ktime_get_real_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*ns = ktime_get_ns();
		return 0;
	case CLOCK_MONOTONIC_RAW:
		*ns = ktime_get_raw_ns();
		return 0;
	case CLOCK_REALTIME_COARSE:
		*ns = ktime_get_coarse_real_ns();
		return 0;
	case CLOCK_MONOTONIC_COARSE:
		*ns = ktime_get_coarse_ns();
		return 0;
	case CLOCK_TAI:
		*ns = ktime_get_tai_ns();
		return 0;
	default:
		return -EINVAL;
	}
}

void ktime_get_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_ns());
}

void ktime_get_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_real_ns());
}

void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(ktime_get_coarse_real_ns());
}

unsigned long jiffies_now(void)
{
	return div_u64(ktime_get_coarse_ns(), TICK_NSEC);
}

/* ---- updating ------------------------------------------------------------------------------ */

static u64 accumulate(u64 *ns, u64 frac, u64 delta, u32 mult)
{
	u64 sum = delta * mult + frac;

	*ns += sum >> tk.shift;
	return sum & ((1ULL << tk.shift) - 1);
}

void timekeeping_forward(void)
{
	u64 delta = cycles_since_update();

	tk.cycle_last = (tk.cycle_last + delta) & tk.cs->mask;
	tk.frac = accumulate(&tk.mono_ns, tk.frac, delta, tk.mult);
	tk.raw_frac = accumulate(&tk.raw_ns, tk.raw_frac, delta, tk.cs->mult);
}

/* New rate from now on; the time until now was accumulated with the old one. */
void timekeeping_set_frequency(s64 scaled_ppm)
{
	tk.mult = tk.cs->mult + (s32)div64_s64((s64)tk.cs->mult * scaled_ppm, 1000000LL << 16);
}

void timekeeping_tick(void)
{
	unsigned long flags;
	u64 before;

	/* One CPU in a tick period is enough, whichever comes first. */
	if (ktime_get_ns() - ktime_get_coarse_ns() < TICK_NSEC / 2)
		return;
	if (!spin_trylock_irqsave(&tk_lock, flags))
		return;
	before = last_slew;
	write_seqcount_begin(&tk.seq);
	timekeeping_forward();
	tk.wall_offset += ntp_slew(tk.mono_ns - before);
	last_slew = tk.mono_ns;
	vdso_data_update();
	write_seqcount_end(&tk.seq);
	spin_unlock_irqrestore(&tk_lock, flags);
}

static void set_wall_offset(s64 real_ns)
{
	unsigned long flags;

	spin_lock_irqsave(&tk_lock, flags);
	write_seqcount_begin(&tk.seq);
	timekeeping_forward();
	tk.wall_offset = real_ns - (s64)tk.mono_ns;
	vdso_data_update();
	write_seqcount_end(&tk.seq);
	spin_unlock_irqrestore(&tk_lock, flags);
	hrtimers_clock_was_set();
	timerfd_clock_was_set();
}

int do_settimeofday64(const struct timespec64 *ts)
{
	s64 ns;

	if (!timespec64_valid(ts) || ts->tv_sec >= KTIME_SEC_MAX - LONGEST_UPTIME_SEC)
		return -EINVAL;
	ns = timespec64_to_ns(ts);
	if (ns < (s64)ktime_get_ns())	/* the boot would lie before the epoch */
		return -EINVAL;
	set_wall_offset(ns);
	return 0;
}

void timekeeping_set_boot_time(time64_t real_seconds)
{
	struct timespec64 ts = { .tv_sec = real_seconds };

	if (do_settimeofday64(&ts))
		pr_warn("rtc: time %lld is out of range\n", (long long)real_seconds);
}

/* ---- clock sources ------------------------------------------------------------------------- */

void clocks_calc_mult_shift(u32 *mult, u32 *shift, u32 from, u32 to, u32 maxsec)
{
	u64 counts = (u64)maxsec * from;
	unsigned int room = 64 - fls64(counts);	/* bits that mult may have */
	unsigned int sh;

	room = min(room, 32U);
	for (sh = 32; sh > 0; sh--) {
		u64 m = div_u64(((u64)to << sh) + from / 2, from);

		if (fls64(m) <= room) {
			*mult = m;
			*shift = sh;
			return;
		}
	}
	*mult = max(to / from, 1U);
	*shift = 0;
}

static void use_for_sched_clock(struct clocksource *cs)
{
	struct sched_clock_source *old = sched_clock_source;
	struct sched_clock_source *s = old == &sched_clock_copies[0] ? &sched_clock_copies[1]
								     : &sched_clock_copies[0];

	*s = (struct sched_clock_source) {
		.cs = cs,
		.base = sched_clock(),
		.epoch = cs->read(cs),
		.mask = cs->mask,
		.whole = (u64)cs->mult >> cs->shift,
		.frac = ((u64)cs->mult << (32 - cs->shift)),	/* modulo 2^32; shift <= 32 */
	};
	__atomic_store_n(&sched_clock_source, s, __ATOMIC_RELEASE);
}

void clocksource_register(struct clocksource *cs)
{
	unsigned long flags;
	bool better;

	spin_lock_irqsave(&tk_lock, flags);
	better = cs->rating > tk.cs->rating;
	if (better) {
		use_for_sched_clock(cs);
		write_seqcount_begin(&tk.seq);
		timekeeping_forward();
		tk.cs = cs;
		tk.cycle_last = cs->read(cs);
		tk.mult = cs->mult;
		tk.shift = cs->shift;
		tk.frac = tk.raw_frac = 0;
		vdso_data_update();
		write_seqcount_end(&tk.seq);
	}
	spin_unlock_irqrestore(&tk_lock, flags);
	if (better)
		pr_info("clocksource: %s, %u Hz\n", cs->name, cs->freq);
}

void clocksource_register_hz(struct clocksource *cs, u32 hz)
{
	cs->freq = hz;
	clocks_calc_mult_shift(&cs->mult, &cs->shift, hz, NSEC_PER_SEC, MAX_UPDATE_GAP_SEC);
	clocksource_register(cs);
}

const char *clocksource_name(void)
{
	return tk.cs->name;
}

void timekeeping_init(void)
{
	unsigned long flags;

	spin_lock_irqsave(&tk_lock, flags);
	vdso_data_update();
	spin_unlock_irqrestore(&tk_lock, flags);
}

/* ---- busy waiting -------------------------------------------------------------------------- */

void ndelay(u64 ns)
{
	u64 end = sched_clock() + ns;

	while ((s64)(end - sched_clock()) > 0) {
		if (!sched_clock_source)
			return;
		cpu_relax();
	}
}

void udelay(unsigned long us)
{
	ndelay(us * NSEC_PER_USEC);
}

void mdelay(unsigned long ms)
{
	ndelay(ms * NSEC_PER_MSEC);
}
