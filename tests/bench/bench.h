/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench.h: what a row of the benchmark is.
 *
 * A row is one operation whose cost is wanted. Rows live in arrays, one per file, which main.c
 * lists. Each row runs in a process of its own that has just been executed, so no row sees what
 * another left behind.
 *
 * Time is the generic timer's virtual counter. QEMU's `-icount shift=0` makes one instruction one
 * nanosecond, and the counter runs at 62.5 MHz: a tick is 16 instructions. A batch is about ten
 * million instructions of Linux, that is two or three of its timer ticks: then what a kernel puts
 * off (freeing after a grace period, statistics, the tick itself) is in the figure, too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_PER_TICK	16
#define PAGE		4096UL
#define MIB		(1024UL * 1024)

struct row {
	const char *name;
	const char *what;		/* for people */
	const char *unit;		/* NULL: instructions */
	unsigned int ops;		/* operations in a batch; the batch's time is divided by it */
	unsigned int batches;		/* the median of these counts */
	unsigned int warm;		/* batches that run first and do not count */
	void (*setup)(void);		/* may be NULL */
	uint64_t (*batch)(unsigned int ops);	/* ticks that ops operations took */
	double (*value)(void);		/* instead of batch: the figure itself */
	bool asked;			/* runs only when asked for by its name */
};

extern const struct row call_rows[];		/* each array ends with a row without a name */
extern const struct row memory_rows[];
extern const struct row fork_rows[];
extern const struct row exec_rows[];
extern const struct row switch_rows[];
extern const struct row file_rows[];
extern const struct row size_rows[];
extern const struct row boot_rows[];
extern const struct row scale_rows[];

/* The counter. The barrier keeps the read from moving; it costs one instruction. */
static inline uint64_t ticks(void)
{
	uint64_t now;

#ifdef __aarch64__
	asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r" (now) : : "memory");
#else
	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (now) : : "memory");
#endif
	return now;
}

/*
 * Begin and end of what `make profile` counts: an instruction that does nothing on any CPU and that
 * nothing else uses, which scripts/profile/tcgprof.c looks for.
 */
static inline void mark(void)
{
#ifdef __aarch64__
	asm volatile(".inst 0xd50325ff" : : : "memory");	/* hint #0x2f */
#else
	asm volatile("dbg #15" : : : "memory");
#endif
}

/* The row cannot be measured: say why and end this process. */
void row_failed(const char *why) __attribute__((noreturn));

/* result, unless it is -1: then the row ends with the name of the call and errno. */
long need(long result, const char *call);

/* A pointer of mmap(), or the end of the row. */
void *need_map(size_t bytes, int prot);

/* Write one word to every page of [start, start + bytes). */
void touch(void *start, size_t bytes);

/* Wait for pid; anything but status 0 ends the row. */
void reap(int pid);
