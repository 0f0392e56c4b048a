// SPDX-License-Identifier: GPL-2.0-only
/* t_time.c: clocks, vDSO against system call, sleeping, setting the time. */
#include "tap.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <sys/times.h>

static long long to_ns(const struct timespec *ts)
{
	return ts->tv_sec * 1000000000LL + ts->tv_nsec;
}

static long long clock_ns(clockid_t clock)
{
	struct timespec ts;

	CHECK_OK(clock_gettime(clock, &ts));
	CHECK(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
	return to_ns(&ts);
}

/* The same by system call, around the vDSO; 64-bit times on both ABIs. */
static long long syscall_ns(clockid_t clock)
{
	long long ts[2] = { 0 };

#ifdef SYS_clock_gettime64
	CHECK_OK(syscall(SYS_clock_gettime64, clock, ts));
#else
	CHECK_OK(syscall(SYS_clock_gettime, clock, ts));
#endif
	return ts[0] * 1000000000LL + ts[1];
}

TEST(every_clock)
{
	static const clockid_t clocks[] = {
		CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
		CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,
	};
	struct timespec ts;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		long long first = clock_ns(clocks[i]);

		CHECK(clock_ns(clocks[i]) >= first);
		CHECK_OK(clock_getres(clocks[i], &ts));
		CHECK(ts.tv_sec == 0 && ts.tv_nsec >= 1 && ts.tv_nsec <= 10000000);
	}
	CHECK_ERR(clock_gettime(12345, &ts), EINVAL);
	CHECK_ERR(clock_getres(12345, &ts), EINVAL);
	CHECK_OK(clock_getres(CLOCK_MONOTONIC, NULL));
}

TEST(monotonic_never_goes_back)
{
	long long last = 0, now;
	int i, bad = 0;

	for (i = 0; i < 20000; i++) {
		struct timespec ts;

		clock_gettime(CLOCK_MONOTONIC, &ts);
		now = to_ns(&ts);
		bad += now < last;
		last = now;
	}
	CHECK_EQ(bad, 0);
}

TEST(vdso_agrees_with_the_kernel)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
					    CLOCK_MONOTONIC_RAW };
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(clocks); i++)
		for (n = 0; n < 50; n++) {
			long long a = syscall_ns(clocks[i]), b = clock_ns(clocks[i]),
				  c = syscall_ns(clocks[i]);

			if (a > b || b > c) {
				note("clock %d: %lld %lld %lld", clocks[i], a, b, c);
				REQUIRE(!"in order");
			}
		}
}

/* ---- the vDSO's own symbols: libc may prefer the system call, and then hides what is wrong there ------- */

#if defined(__aarch64__)
#define VDSO_VERSION	"LINUX_2.6.39"
#define VDSO_PREFIX	"__kernel_"
#else
#define VDSO_VERSION	"LINUX_2.6"
#define VDSO_PREFIX	"__vdso_"
#endif

/* What the dynamic section says, as addresses. */
struct vdso {
	const char *base, *strings;
	const ElfW(Sym) *symbols;
	const ElfW(Half) *versym;
	const ElfW(Verdef) *verdef;
	unsigned int nr;
};

static void read_dynamic(struct vdso *v, const ElfW(Dyn) *d)
{
	for (; d->d_tag != DT_NULL; d++) {
		const void *p = v->base + d->d_un.d_ptr;

		if (d->d_tag == DT_STRTAB)
			v->strings = p;
		else if (d->d_tag == DT_SYMTAB)
			v->symbols = p;
		else if (d->d_tag == DT_HASH)
			v->nr = ((const ElfW(Word) *)p)[1];
		else if (d->d_tag == DT_VERSYM)
			v->versym = p;
		else if (d->d_tag == DT_VERDEF)
			v->verdef = p;
	}
}

/* false: the process has none. */
static bool open_vdso(struct vdso *v)
{
	const ElfW(Ehdr) *ehdr = (const void *)getauxval(AT_SYSINFO_EHDR);
	const ElfW(Phdr) *ph;
	int i;

	memset(v, 0, sizeof(*v));
	if (!ehdr)
		return false;
	v->base = (const char *)ehdr;
	REQUIRE(!memcmp(ehdr->e_ident, ELFMAG, SELFMAG) && ehdr->e_type == ET_DYN);
	ph = (const void *)(v->base + ehdr->e_phoff);
	for (i = 0; i < ehdr->e_phnum; i++)
		if (ph[i].p_type == PT_DYNAMIC)
			read_dynamic(v, (const void *)(v->base + ph[i].p_vaddr));
	REQUIRE(v->strings && v->symbols && v->nr && v->versym && v->verdef);
	return true;
}

static const char *version_name(const struct vdso *v, unsigned int index)
{
	const ElfW(Verdef) *def = v->verdef;

	for (;; def = (const void *)((const char *)def + def->vd_next)) {
		const ElfW(Verdaux) *aux = (const void *)((const char *)def + def->vd_aux);

		if (def->vd_ndx == (index & 0x7fff))
			return v->strings + aux->vda_name;
		if (!def->vd_next)
			return "";
	}
}

static void *vdso_function(const struct vdso *v, const char *name)
{
	char full[64];
	unsigned int i;

	snprintf(full, sizeof(full), VDSO_PREFIX "%s", name);
	for (i = 1; i < v->nr; i++)
		if (v->symbols[i].st_shndx != SHN_UNDEF && !strcmp(v->strings + v->symbols[i].st_name, full) &&
		    !strcmp(version_name(v, v->versym[i]), VDSO_VERSION))
			return (void *)(v->base + v->symbols[i].st_value);
	return NULL;
}

struct vdso_timespec {			/* that of clock_gettime: long on both ABIs */
	long tv_sec, tv_nsec;
};

/* Each clock, between two system calls. The coarse ones stand still between ticks. */
static void compare_clocks(int (*gettime)(clockid_t, void *), bool wide)
{
	static const clockid_t clocks[] = {
		CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW, CLOCK_TAI,
		CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_PROCESS_CPUTIME_ID,
	};
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(clocks); i++)
		for (n = 0; n < 50; n++) {
			long long a = syscall_ns(clocks[i]), b, c, t64[2] = { -1, -1 };
			struct vdso_timespec ts = { -1, -1 };

			CHECK_EQ(gettime(clocks[i], wide ? (void *)t64 : &ts), 0);
			c = syscall_ns(clocks[i]);
			b = wide ? t64[0] * 1000000000 + t64[1] : ts.tv_sec * 1000000000LL + ts.tv_nsec;
			if (a > b || b > c) {
				note("clock %d: %lld %lld %lld", clocks[i], a, b, c);
				REQUIRE(!"in order");
			}
		}
	CHECK_EQ(gettime(12345, &(long long[2]){ 0 }), -EINVAL);
}

/* Optional on 32-bit for machines whose counter user mode cannot read: Linux takes the symbols away there. */
TEST(vdso_is_there)
{
	struct vdso v;

	REQUIRE(open_vdso(&v));
	CHECK(file_has("/proc/self/maps", "[vdso]"));
	CHECK(file_has("/proc/self/maps", "[vvar]"));
	CHECK(vdso_function(&v, "clock_getres"));
	CHECK(!vdso_function(&v, "no_such_thing"));
}

TEST(vdso_clock_gettime)
{
	struct vdso v;
	void *f;

	REQUIRE(open_vdso(&v));
	f = vdso_function(&v, "clock_gettime");
	if (!f) {
		skip("no counter for user mode");
		return;
	}
	compare_clocks(f, sizeof(long) == 8);
#if !defined(__aarch64__)
	f = vdso_function(&v, "clock_gettime64");
	REQUIRE(f);
	compare_clocks(f, true);
#endif
}

TEST(vdso_gettimeofday)
{
	int (*gettimeofday_)(struct vdso_timespec *, struct timezone *);
	struct vdso_timespec tv = { -1, -1 };
	struct timezone tz = { -1, -1 };
	long long before, after, us;
	struct vdso v;

	REQUIRE(open_vdso(&v));
	gettimeofday_ = vdso_function(&v, "gettimeofday");
	if (!gettimeofday_) {
		skip("no counter for user mode");
		return;
	}
	before = syscall_ns(CLOCK_REALTIME) / 1000;
	CHECK_EQ(gettimeofday_(&tv, &tz), 0);
	after = syscall_ns(CLOCK_REALTIME) / 1000;
	us = tv.tv_sec * 1000000LL + tv.tv_nsec;
	CHECK(before <= us && us <= after);
	CHECK(tv.tv_nsec >= 0 && tv.tv_nsec < 1000000);
	CHECK(tz.tz_minuteswest != -1 && tz.tz_dsttime != -1);
	CHECK_EQ(gettimeofday_(NULL, NULL), 0);
}

TEST(vdso_clock_getres)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME,
					    CLOCK_TAI, CLOCK_MONOTONIC_COARSE, CLOCK_THREAD_CPUTIME_ID };
	int (*getres)(clockid_t, struct vdso_timespec *);
	struct vdso_timespec ts, want;
	struct vdso v;
	size_t i;

	REQUIRE(open_vdso(&v));
	getres = vdso_function(&v, "clock_getres");
	REQUIRE(getres);
	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		CHECK_EQ(getres(clocks[i], &ts), 0);
		CHECK_OK(syscall(SYS_clock_getres, clocks[i], &want));
		CHECK(ts.tv_sec == want.tv_sec && ts.tv_nsec == want.tv_nsec);
	}
	CHECK_EQ(getres(CLOCK_MONOTONIC, NULL), 0);
	CHECK_EQ(getres(12345, &ts), -EINVAL);
}

/* Of the mapping with that name; how many there are. */
static int find_mapping(const char *name, char *perms, unsigned long *start, unsigned long *len)
{
	char line[256];
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long end;
	int found = 0;

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, name) && sscanf(line, "%lx-%lx %4s", start, &end, perms) == 3) {
			*len = end - *start;
			found++;
		}
	if (f)
		fclose(f);
	return found;
}

TEST(vdso_pages)
{
	char data[5] = "", code[5] = "";
	unsigned long at = 0, ehdr = 0, len = 0;

	CHECK_EQ(find_mapping("[vvar]", data, &at, &len), 1);
	CHECK_STR(data, "r--p");
	CHECK_ERR(mprotect((void *)at, len, PROT_READ | PROT_WRITE), EACCES);
	CHECK_EQ(find_mapping("[vdso]", code, &ehdr, &len), 1);
	CHECK_STR(code, "r-xp");
	CHECK_EQ(ehdr, getauxval(AT_SYSINFO_EHDR));
}

static volatile sig_atomic_t handled;

static void on_usr1(int sig)
{
	handled = sig;
}

/* Handlers without SA_RESTORER return through a page of the kernel's: it is not the data page that says where. */
TEST(vvar_moves)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		unsigned long rest[4];
	} act = { .handler = on_usr1 };
	pid_t pid = fork();

	if (pid == 0) {
		char perms[5];
		unsigned long at = 0, len = 0;
		void *to;

		REQUIRE(find_mapping("[vvar]", perms, &at, &len) == 1);
		to = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK_OK(syscall(SYS_rt_sigaction, SIGUSR1, &act, NULL, 8));
		CHECK(mremap((void *)at, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
		raise(SIGUSR1);
		CHECK_EQ(handled, SIGUSR1);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(time_and_gettimeofday)
{
	struct timeval tv;
	time_t t;

	CHECK_OK(gettimeofday(&tv, NULL));
	t = time(NULL);
	CHECK(llabs(t - tv.tv_sec) <= 1);
	CHECK(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	CHECK(llabs(clock_ns(CLOCK_REALTIME) / 1000000000 - t) <= 1);
}

TEST(nanosleep)
{
	struct timespec ts = { 0, 30000000 };
	long long start = clock_ns(CLOCK_MONOTONIC), took;

	CHECK_OK(nanosleep(&ts, NULL));
	took = clock_ns(CLOCK_MONOTONIC) - start;
	CHECK(took >= 30000000);
	CHECK(took < 10000000000LL);
	ts.tv_nsec = 0;
	CHECK_OK(nanosleep(&ts, NULL));
	ts.tv_nsec = 1000000000;
	CHECK_ERR(nanosleep(&ts, NULL), EINVAL);
	ts.tv_nsec = -1;
	CHECK_ERR(nanosleep(&ts, NULL), EINVAL);
	ts.tv_sec = -1;
	ts.tv_nsec = 0;
	CHECK_ERR(nanosleep(&ts, NULL), EINVAL);
}

TEST(short_sleeps)
{
	struct timespec ts = { 0, 50000 };
	long long end = clock_ns(CLOCK_MONOTONIC) + 10000000000LL, start, took;
	int i;

	/* High-resolution timers: not 50 ticks of 4 or 10 ms; when the host has time for us. */
	do {
		start = clock_ns(CLOCK_MONOTONIC);
		for (i = 0; i < 50; i++)
			nanosleep(&ts, NULL);
		took = clock_ns(CLOCK_MONOTONIC) - start;
		CHECK(took >= 50 * 50000);
	} while (took >= 200000000 && start < end);
	CHECK(took < 200000000);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(remaining_time)
{
	struct timespec ts = { 10, 0 }, left = { 0 };
	pid_t me = getpid(), pid;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(nanosleep(&ts, &left), EINTR);
	CHECK(left.tv_sec >= 4 && left.tv_sec < 10);
	expect_exit(pid, 0);
}

TEST(clock_nanosleep)
{
	struct timespec ts;
	long long until;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_nsec += 20000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	until = to_ns(&ts);
	CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) >= until);
	ts = (struct timespec){ 1, 0 };
	CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL), 0);	/* past */
	CHECK_EQ(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL), EINVAL);
	CHECK_EQ(clock_nanosleep(99, 0, &ts, NULL), EINVAL);
	ts = (struct timespec){ 0, 1000 };
	CHECK_EQ(clock_nanosleep(CLOCK_BOOTTIME, 0, &ts, NULL), 0);
}

TEST(cpu_time_stands_still_in_sleep)
{
	long long start, end;
	int i = 0;

	/* A CPU that the host stops in the middle of our instructions is charged to us: not every time. */
	do {
		start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		sleep_ms(50);
		end = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	} while (end - start >= 30000000 && ++i < 100);
	CHECK(end - start < 30000000);
	while (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - end < 20000000)
		;
	CHECK(clock_ns(CLOCK_THREAD_CPUTIME_ID) > 0);
}

TEST(set_clock)
{
	struct timespec ts, back;
	long long mono, real;
	pid_t pid;

	clock_gettime(CLOCK_REALTIME, &back);
	mono = clock_ns(CLOCK_MONOTONIC);
	ts = back;
	ts.tv_sec += 100000;
	CHECK_OK(clock_settime(CLOCK_REALTIME, &ts));
	real = clock_ns(CLOCK_REALTIME);
	CHECK(real >= to_ns(&ts) && real < to_ns(&ts) + 5000000000LL);
	CHECK(clock_ns(CLOCK_MONOTONIC) - mono < 5000000000LL);
	back.tv_sec += 5;	/* without a battery clock 1970 began with the boot: not before that */
	CHECK_OK(clock_settime(CLOCK_REALTIME, &back));
	CHECK_ERR(clock_settime(CLOCK_MONOTONIC, &ts), EINVAL);
	ts.tv_nsec = 2000000000;
	CHECK_ERR(clock_settime(CLOCK_REALTIME, &ts), EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(clock_settime(CLOCK_REALTIME, &back), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(times)
{
	struct tms tms;
	clock_t a = times(&tms), b;

	CHECK(a != (clock_t)-1);
	sleep_ms(30);
	b = times(&tms);
	CHECK(b - a >= 2 && b - a < 500);
	CHECK_EQ(sysconf(_SC_CLK_TCK), 100);
}

TEST(getcpu)
{
	unsigned int cpu = 99, node = 99;

	CHECK_OK(syscall(SYS_getcpu, &cpu, &node, NULL));
	CHECK(cpu < 64);
	CHECK_EQ(node, 0);
}
