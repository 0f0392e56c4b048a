// SPDX-License-Identifier: GPL-2.0-only
/*
 * adjtimex(2): frequency correction, slewing, TAI offset, and the status that NTP daemons keep in
 * the kernel.
 *
 * An offset (ADJ_OFFSET, or adjtime(3)'s single shot) is worked off at 500 ppm by moving
 * CLOCK_REALTIME against CLOCK_MONOTONIC a little with each tick.  There is no phase-locked loop
 * and no leap second insertion. State: under tk_lock.
 */
#include <linux/timex.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/internal.h>
#include <kernel/time/tick.h>

#define MAX_OFFSET_NS	(500 * NSEC_PER_MSEC)
#define MAX_SINGLE_SHOT_NS (KTIME_MAX / 2)
#define MAX_FREQ_SCALED	(500LL << 16)		/* ppm << 16 */
#define SLEW_DIVISOR	2000			/* 500 ppm */
#define MAX_ERROR_US	16000000L
#define MAX_TAI		100000			/* s */
#define TICK_USEC	(1000000L / USER_HZ)

/* adjtime(3) is ADJ_OFFSET with these. */
#define ADJ_ADJTIME		0x8000
#define ADJ_OFFSET_READONLY	0x2000

static s64 offset_left;				/* ns still to slew */
static s64 frequency;				/* ppm << 16 */
static long maxerror = MAX_ERROR_US, esterror = MAX_ERROR_US, constant = 2, tick_usec = TICK_USEC;
static int status = STA_UNSYNC;

s64 ntp_slew(u64 elapsed)
{
	s64 step = min(elapsed, 4 * TICK_NSEC) / SLEW_DIVISOR;

	if (likely(!offset_left))
		return 0;
	step = clamp(offset_left, -step, step);
	offset_left -= step;
	return step;
}

static int check(const struct __kernel_timex *tx)
{
	if (tx->modes & ADJ_ADJTIME) {
		if (!(tx->modes & ADJ_OFFSET))
			return -EINVAL;
		if (!(tx->modes & ADJ_OFFSET_READONLY) && !capable(CAP_SYS_TIME))
			return -EPERM;
	} else if (tx->modes && !capable(CAP_SYS_TIME)) {
		return -EPERM;
	}
	if ((tx->modes & ADJ_TICK) && (tx->tick < 900000 / USER_HZ || tx->tick > 1100000 / USER_HZ))
		return -EINVAL;
	if (tx->modes & ADJ_SETOFFSET) {
		long fraction = tx->time.tv_usec;

		if (fraction < 0 || fraction >= (tx->modes & ADJ_NANO ? NSEC_PER_SEC : USEC_PER_SEC))
			return -EINVAL;
	}
	return 0;
}

/* @offset, in units of @unit ns, limited before it is multiplied: it may be anything. */
static s64 clamp_offset(s64 offset, s64 unit, s64 max_ns)
{
	return clamp(offset, -max_ns / unit, max_ns / unit) * unit;
}

static void apply(const struct __kernel_timex *tx)
{
	if (tx->modes & ADJ_STATUS)
		status = (status & STA_RONLY) | (tx->status & ~STA_RONLY);
	if (tx->modes & ADJ_NANO)
		status |= STA_NANO;
	if (tx->modes & ADJ_MICRO)
		status &= ~STA_NANO;
	if (tx->modes & ADJ_FREQUENCY)
		frequency = clamp((s64)tx->freq, -MAX_FREQ_SCALED, MAX_FREQ_SCALED);
	if (tx->modes & ADJ_MAXERROR)
		maxerror = clamp((long)tx->maxerror, 0L, MAX_ERROR_US);
	if (tx->modes & ADJ_ESTERROR)
		esterror = clamp((long)tx->esterror, 0L, MAX_ERROR_US);
	if (tx->modes & ADJ_TIMECONST)
		constant = min(clamp((long)tx->constant, 0L, 10L) + (status & STA_NANO ? 0 : 4), 10L);
	if (tx->modes & ADJ_TICK)
		tick_usec = tx->tick;
	if ((tx->modes & ADJ_TAI) && tx->constant >= 0 && tx->constant <= MAX_TAI)
		tk.tai_offset = tx->constant;
	if (tx->modes & ADJ_OFFSET)
		offset_left = clamp_offset(tx->offset, status & STA_NANO ? 1 : NSEC_PER_USEC,
					   MAX_OFFSET_NS);
	if (tx->modes & (ADJ_FREQUENCY | ADJ_TICK))
		timekeeping_set_frequency(frequency +
					  ((s64)(tick_usec - TICK_USEC) * USER_HZ << 16));
}

static void report(struct __kernel_timex *tx, s64 real_ns)
{
	struct timespec64 now = ns_to_timespec64(real_ns);

	tx->offset = status & STA_NANO ? offset_left : div_s64(offset_left, NSEC_PER_USEC);
	tx->freq = frequency;
	tx->maxerror = maxerror;
	tx->esterror = esterror;
	tx->status = status;
	tx->constant = constant;
	tx->precision = 1;
	tx->tolerance = MAX_FREQ_SCALED;
	tx->tick = tick_usec;
	tx->tai = tk.tai_offset;
	tx->ppsfreq = tx->jitter = tx->stabil = tx->jitcnt = 0;
	tx->calcnt = tx->errcnt = tx->stbcnt = tx->shift = 0;
	tx->time.tv_sec = now.tv_sec;
	tx->time.tv_usec = status & STA_NANO ? now.tv_nsec : now.tv_nsec / NSEC_PER_USEC;
}

/* adjtime(3): sets the rest of the offset in us, tells what was left of the old one. */
static void single_shot(struct __kernel_timex *tx)
{
	s64 old = offset_left;

	if (!(tx->modes & ADJ_OFFSET_READONLY))
		offset_left = clamp_offset(tx->offset, NSEC_PER_USEC, MAX_SINGLE_SHOT_NS);
	tx->offset = div_s64(old, NSEC_PER_USEC);
}

static int step_clock(const struct __kernel_timex *tx)
{
	struct timespec64 ts;

	/* Both sums stay in range: neither the time nor the step exceeds KTIME_SEC_MAX. */
	if (tx->time.tv_sec > KTIME_SEC_MAX || tx->time.tv_sec < -KTIME_SEC_MAX)
		return -EINVAL;
	ktime_get_real_ts64(&ts);
	ts.tv_sec += tx->time.tv_sec;
	ts.tv_nsec += tx->time.tv_usec * (tx->modes & ADJ_NANO ? 1 : NSEC_PER_USEC);
	if (ts.tv_nsec >= NSEC_PER_SEC) {
		ts.tv_nsec -= NSEC_PER_SEC;
		ts.tv_sec++;
	}
	return do_settimeofday64(&ts);
}

int do_adjtimex(struct __kernel_timex *tx)
{
	unsigned long flags;
	int err = check(tx);

	if (!err && (tx->modes & ADJ_SETOFFSET))
		err = step_clock(tx);
	if (err)
		return err;
	spin_lock_irqsave(&tk_lock, flags);
	write_seqcount_begin(&tk.seq);
	timekeeping_forward();
	if (tx->modes & ADJ_ADJTIME) {
		s64 left;

		single_shot(tx);
		left = tx->offset;
		report(tx, tk.mono_ns + tk.wall_offset);
		tx->offset = left;
	} else {
		apply(tx);
		report(tx, tk.mono_ns + tk.wall_offset);
	}
	vdso_data_update();
	write_seqcount_end(&tk.seq);
	spin_unlock_irqrestore(&tk_lock, flags);
	if (tx->modes & ADJ_TAI)
		hrtimers_clock_was_set();
	return status & STA_UNSYNC ? TIME_ERROR : TIME_OK;
}
