// SPDX-License-Identifier: GPL-2.0-only
/* t_coredump.c: core dumps: when there is one, where it goes, and what is in it. */
#include "tap.h"

#include <dirent.h>
#include <elf.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/procfs.h>
#include <sys/resource.h>

typedef ElfW(Ehdr) ehdr_t;
typedef ElfW(Phdr) phdr_t;

static char marker[] = "this is in the core dump";

/* ---- crashing -------------------------------------------------------------------------------- */

static void set_limit(rlim_t limit)
{
	struct rlimit rlim = { limit, RLIM_INFINITY };

	CHECK_OK(setrlimit(RLIMIT_CORE, &rlim));
}

static void set_pattern(const char *pattern)
{
	write_file("/proc/sys/kernel/core_pattern", pattern);
}

/* A child runs prepare and then dies of sig: its wait status. */
static pid_t crashed;
static int crash(void (*prepare)(void), int sig)
{
	int status = -1;

	crashed = fork();
	if (!crashed) {
		if (prepare)
			prepare();
		raise(sig);
		_exit(99);
	}
	CHECK_EQ(waitpid(crashed, &status, 0), crashed);
	return status;
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

static void expect_dump(int status, int sig)
{
	CHECK(WIFSIGNALED(status));
	CHECK_EQ(WTERMSIG(status), sig);
	CHECK(WCOREDUMP(status));
}

static void expect_none(int status, int sig)
{
	CHECK(WIFSIGNALED(status));
	CHECK_EQ(WTERMSIG(status), sig);
	CHECK(!WCOREDUMP(status));
	CHECK(!exists("core"));
}

/* ---- reading --------------------------------------------------------------------------------- */

static char *core;
static size_t core_size;

static void load_core(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	REQUIRE(fd >= 0 && !fstat(fd, &st));
	core_size = st.st_size;
	core = mmap(NULL, core_size, PROT_READ, MAP_PRIVATE, fd, 0);
	REQUIRE(core != MAP_FAILED);
	close(fd);
}

static const ehdr_t *header(void)
{
	return (const ehdr_t *)core;
}

static const phdr_t *segment(int i)
{
	return (const phdr_t *)(core + header()->e_phoff) + i;
}

/* The segment that maps addr, or NULL. */
static const phdr_t *segment_of(unsigned long addr)
{
	for (int i = 0; i < header()->e_phnum; i++) {
		const phdr_t *p = segment(i);

		if (p->p_type == PT_LOAD && addr >= p->p_vaddr && addr < p->p_vaddr + p->p_memsz)
			return p;
	}
	return NULL;
}

/* What the dump has at addr, or NULL. */
static const char *memory(unsigned long addr)
{
	const phdr_t *p = segment_of(addr);

	if (!p || addr >= p->p_vaddr + p->p_filesz)
		return NULL;
	return core + p->p_offset + (addr - p->p_vaddr);
}

/* The nth note of this type; its size in *size. */
static const void *find_note(unsigned int type, int n, size_t *size)
{
	const phdr_t *p = segment(0);
	const char *at = core + p->p_offset, *end = at + p->p_filesz;

	CHECK_EQ(p->p_type, PT_NOTE);
	while (at < end) {
		const ElfW(Nhdr) *note = (const void *)at;
		const char *desc = at + sizeof(*note) + ((note->n_namesz + 3) & ~3);

		if (note->n_type == type && !n--) {
			*size = note->n_descsz;
			return desc;
		}
		at = desc + ((note->n_descsz + 3) & ~3);
	}
	return NULL;
}

/* ---- whether ---------------------------------------------------------------------------------- */

TEST(limit_zero)
{
	set_limit(0);
	expect_none(crash(NULL, SIGSEGV), SIGSEGV);
}

TEST(which_signals)
{
	static const int dumping[] = { SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU,
				       SIGXFSZ, SIGSYS };
	static const int others[] = { SIGTERM, SIGKILL, SIGHUP, SIGUSR1, SIGALRM, SIGPIPE };

	set_limit(RLIM_INFINITY);
	for (size_t i = 0; i < ARRAY_SIZE(dumping); i++) {
		expect_dump(crash(NULL, dumping[i]), dumping[i]);
		CHECK_OK(unlink("core"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		expect_none(crash(NULL, others[i]), others[i]);
}

TEST(parent_is_told)
{
	siginfo_t info;
	pid_t pid;

	set_limit(RLIM_INFINITY);
	pid = fork();
	if (!pid)
		abort();
	CHECK_OK(waitid(P_PID, pid, &info, WEXITED));
	CHECK_EQ(info.si_code, CLD_DUMPED);
	CHECK_EQ(info.si_status, SIGABRT);
	set_limit(0);
	pid = fork();
	if (!pid)
		abort();
	CHECK_OK(waitid(P_PID, pid, &info, WEXITED));
	CHECK_EQ(info.si_code, CLD_KILLED);
}

TEST(limit_too_small)
{
	set_limit(4095);
	expect_none(crash(NULL, SIGSEGV), SIGSEGV);
}

TEST(limit_cuts_off)
{
	struct stat st;

	set_limit(20000);
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	CHECK_OK(stat("core", &st));
	CHECK(st.st_blocks * 512 <= 20480);	/* holes do not count */
	CHECK(st.st_size > 4096);
}

static void not_dumpable(void)
{
	CHECK_OK(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

TEST(not_dumpable)
{
	set_limit(RLIM_INFINITY);
	expect_none(crash(not_dumpable, SIGSEGV), SIGSEGV);
}

static void change_user(void)
{
	CHECK_OK(setresuid(1000, 1000, 1000));
}

TEST(changed_user)
{
	set_limit(RLIM_INFINITY);
	CHECK_OK(chmod(".", 0777));
	CHECK(file_has("/proc/sys/fs/suid_dumpable", "0"));
	expect_none(crash(change_user, SIGSEGV), SIGSEGV);
	write_file("/proc/sys/fs/suid_dumpable", "1");
	expect_dump(crash(change_user, SIGSEGV), SIGSEGV);
	write_file("/proc/sys/fs/suid_dumpable", "0");
}

/* suid_dumpable 2: to absolute names only, and root's. */
TEST(for_root_only)
{
	char dir[PATH_MAX], name[PATH_MAX + 8];
	struct stat st;

	set_limit(RLIM_INFINITY);
	CHECK_OK(chmod(".", 0777));
	REQUIRE(getcwd(dir, sizeof(dir)));
	write_file("/proc/sys/fs/suid_dumpable", "2");
	expect_none(crash(change_user, SIGSEGV), SIGSEGV);
	snprintf(name, sizeof(name), "%s/core.%%d", dir);
	set_pattern(name);
	expect_dump(crash(change_user, SIGSEGV), SIGSEGV);
	CHECK_OK(stat("core.2", &st));
	CHECK_EQ(st.st_uid, 0);
	CHECK_EQ(st.st_mode & 07777, 0600);
	/* An older one is nobody's to remove. */
	expect_none(crash(change_user, SIGSEGV), SIGSEGV);
	set_pattern("core");
	write_file("/proc/sys/fs/suid_dumpable", "0");
	CHECK_ERR(write(open("/proc/sys/fs/suid_dumpable", O_WRONLY), "3", 1), EINVAL);
}

/* ---- where ------------------------------------------------------------------------------------ */

TEST(the_file)
{
	struct stat st;

	set_limit(RLIM_INFINITY);
	umask(0);
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	CHECK_OK(stat("core", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0600);
	CHECK_EQ(st.st_uid, 0);
}

TEST(replaces_what_is_there)
{
	struct stat st, other;

	set_limit(RLIM_INFINITY);
	write_file("target", "precious");
	CHECK_OK(symlink("target", "core"));
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	CHECK_OK(lstat("core", &st));
	CHECK(S_ISREG(st.st_mode));
	CHECK_OK(unlink("core"));
	CHECK_OK(link("target", "core"));
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	CHECK_OK(stat("core", &st));
	CHECK_OK(stat("target", &other));
	CHECK(st.st_ino != other.st_ino);
	CHECK(file_has("target", "precious"));
	CHECK_OK(unlink("core"));
	CHECK_OK(mkdir("core", 0700));
	CHECK(!WCOREDUMP(crash(NULL, SIGSEGV)));
	CHECK_OK(rmdir("core"));
}

static void become_user_keeping_dumpable(void)
{
	change_user();
	CHECK_OK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

TEST(directory_not_writable)
{
	set_limit(RLIM_INFINITY);
	CHECK_OK(chmod(".", 0755));
	expect_none(crash(become_user_keeping_dumpable, SIGSEGV), SIGSEGV);
	CHECK_OK(chmod(".", 0777));
	expect_dump(crash(become_user_keeping_dumpable, SIGSEGV), SIGSEGV);
}

static void odd_name(void)
{
	CHECK_OK(prctl(PR_SET_NAME, "a/b c", 0, 0, 0));
	CHECK_OK(sethostname("host", 4));
	CHECK_OK(setgid(5));
	CHECK_OK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* The pattern's file is there, with nr for its %p. */
static void expect_name(const char *pattern, const char *format)
{
	char name[PATH_MAX];

	set_pattern(pattern);
	expect_dump(crash(odd_name, SIGILL), SIGILL);
	snprintf(name, sizeof(name), format, crashed);
	if (!CHECK_OK(unlink(name)))
		return;
	note("%s: no %s", pattern, name);
}

TEST(specifiers)
{
	const char *slash = strrchr(self_path, '/');
	char name[PATH_MAX], *p;
	DIR *dir;

	set_limit(123456789);
	write_file("/proc/sys/kernel/core_uses_pid", "0");
	expect_name("c.%p.x", "c.%d.x");
	expect_name("c.%P", "c.%d");
	expect_name("c.%i", "c.%d");
	expect_name("c.%I", "c.%d");
	expect_name("c.%u-%g", "c.0-5");
	expect_name("c.%d", "c.1");
	expect_name("c.%s", "c.4");
	expect_name("c.%h", "c.host");
	expect_name("c.%e", "c.a!b c");
	expect_name("c.%c", "c.123456789");
	expect_name("c.%%", "c.%%");
	expect_name("c.%", "c.");
	expect_name("c.%q.x", "c..x");
	snprintf(name, sizeof(name), "c.%s", slash + 1);
	expect_name("c.%f", name);
	snprintf(name, sizeof(name), "c.%s", self_path);
	for (p = name; *p; p++)
		if (*p == '/')
			*p = '!';
	expect_name("c.%E", name);
	write_file("/proc/sys/kernel/core_uses_pid", "1");
	expect_name("c", "c.%d");
	expect_name("c.%p", "c.%d");
	write_file("/proc/sys/kernel/core_uses_pid", "0");
	set_pattern("t.%t");
	expect_dump(crash(NULL, SIGILL), SIGILL);
	dir = opendir(".");
	for (struct dirent *d; (d = readdir(dir));) {
		long when;

		if (sscanf(d->d_name, "t.%ld", &when) == 1) {
			CHECK(when <= time(NULL) && when > time(NULL) - 60);
			unlink(d->d_name);
		} else {
			CHECK_EQ(d->d_name[0], '.');
		}
	}
	closedir(dir);
	set_pattern("core");
}

static void dots(void)
{
	CHECK_OK(prctl(PR_SET_NAME, "..", 0, 0, 0));
}

static void nameless(void)
{
	CHECK_OK(prctl(PR_SET_NAME, "", 0, 0, 0));
}

TEST(names_do_not_lead_elsewhere)
{
	set_limit(RLIM_INFINITY);
	set_pattern("%e");
	expect_dump(crash(dots, SIGILL), SIGILL);
	CHECK_OK(unlink("!."));
	expect_dump(crash(nameless, SIGILL), SIGILL);
	CHECK_OK(unlink("!"));
	set_pattern("\n");
	expect_none(crash(NULL, SIGILL), SIGILL);
	set_pattern("core");
}

/* ---- to a program ------------------------------------------------------------------------------- */

/* directory args...: writes its arguments and the size of its input to directory/report. */
HELPER(reader)
{
	static char buf[65536];
	struct rlimit rlim;
	size_t size = 0;
	ssize_t n;
	FILE *f;

	if (chdir(argv[1]))
		return 1;
	if (!strcmp(argv[2], "sleep")) {
		write_file("sleeping", "yes");
		sleep_ms(60000);
	}
	while ((n = read(0, buf, sizeof(buf))) > 0) {
		if (!size)
			size = memcmp(buf, ELFMAG, SELFMAG) ? 0 : n;
		else
			size += n;
	}
	if (!strcmp(argv[2], "linger"))
		sleep_ms(500);
	getrlimit(RLIMIT_CORE, &rlim);
	f = fopen("report.new", "w");
	fprintf(f, "%d limit=%d,%d uid=%d size=%d", argc, (int)rlim.rlim_cur, (int)rlim.rlim_max, getuid(),
		size > 4096);
	for (int i = 2; i < argc; i++)
		fprintf(f, " <%s>", argv[i]);
	fclose(f);
	rename("report.new", "report");
	return 0;
}

static void set_pipe_pattern(const char *args)
{
	char dir[PATH_MAX], pattern[PATH_MAX + 200];

	REQUIRE(getcwd(dir, sizeof(dir)));
	snprintf(pattern, sizeof(pattern), "|%s @t_coredump.reader %s %s", self_path, dir, args);
	REQUIRE(strlen(pattern) < 128);
	set_pattern(pattern);
}

static void expect_report(const char *want)
{
	char report[256] = "";

	for (int i = 0; i < 500 && !exists("report"); i++)
		sleep_ms(10);
	read_file("report", report, sizeof(report));
	CHECK_STR(report, want);
	unlink("report");
}

TEST(pipe)
{
	char want[256];

	set_limit(0);			/* does not count */
	set_pipe_pattern("%e  %p %s a%%");
	expect_dump(crash(odd_name, SIGILL), SIGILL);
	snprintf(want, sizeof(want), "6 limit=1,1 uid=0 size=1 <a!b c> <%d> <4> <a%%>", crashed);
	expect_report(want);
	set_pattern("core");
}

TEST(pipe_recursion)
{
	set_limit(1);
	set_pipe_pattern("x");
	expect_none(crash(NULL, SIGILL), SIGILL);
	CHECK(!exists("report"));
	set_pattern("|");
	set_limit(0);
	expect_none(crash(NULL, SIGILL), SIGILL);
	set_pattern("|/no/such/program");
	expect_none(crash(NULL, SIGILL), SIGILL);
	set_pattern("core");
}

/* With a limit the process waits for the program; others that crash meanwhile are not dumped. */
TEST(pipe_limit)
{
	long long start;
	pid_t pid;
	int status;

	set_limit(RLIM_INFINITY);
	set_pipe_pattern("linger");
	write_file("/proc/sys/kernel/core_pipe_limit", "1");
	start = now_ms();
	pid = fork();
	if (!pid)
		abort();
	sleep_ms(200);
	expect_none(crash(NULL, SIGILL), SIGILL);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	expect_dump(status, SIGABRT);
	CHECK(now_ms() - start >= 450);
	expect_report("3 limit=1,1 uid=0 size=1 <linger>");
	write_file("/proc/sys/kernel/core_pipe_limit", "0");
	set_pattern("core");
}

static bool status_has(pid_t pid, const char *line)
{
	char path[64], text[4096];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	read_file(path, text, sizeof(text));
	return strstr(text, line);
}

/* The program does not read: the dump does not end, until somebody kills the process. */
TEST(killed_while_dumping)
{
	char *big;
	pid_t pid;
	int status;

	set_limit(RLIM_INFINITY);
	set_pipe_pattern("sleep");
	pid = fork();
	if (!pid) {
		big = malloc(1 << 20);
		memset(big, 1, 1 << 20);
		abort();
	}
	for (int i = 0; i < 500 && !exists("sleeping"); i++)
		sleep_ms(10);
	sleep_ms(50);
	CHECK(status_has(pid, "CoreDumping:\t1"));
	CHECK_OK(kill(pid, SIGTERM));
	sleep_ms(50);
	CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, SIGKILL);
	set_pattern("core");
}

/* ---- what -------------------------------------------------------------------------------------- */

static char *untouched, *excluded, *shared;

static void map_things(void)
{
	untouched = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	untouched[0x1234] = 'u';
	excluded = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(excluded, "secret");
	madvise(excluded, 4096, MADV_DONTDUMP);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(shared, "shared");
}

static void crash_at_8(void)
{
	signal(SIGSEGV, SIG_DFL);
	*(volatile char *)8 = 1;
}

TEST(header_and_notes)
{
	const prpsinfo_t *ps;
	const prstatus_t *st;
	const siginfo_t *info;
	const unsigned long *words;
	const char *name;
	bool named = false;
	size_t size;

	set_limit(RLIM_INFINITY);
	expect_dump(crash(crash_at_8, SIGKILL), SIGSEGV);
	load_core("core");
	CHECK(!memcmp(core, ELFMAG, SELFMAG));
	CHECK_EQ(header()->e_type, ET_CORE);
	CHECK_EQ(header()->e_phentsize, sizeof(phdr_t));
	CHECK_EQ(header()->e_phoff, sizeof(ehdr_t));

	st = find_note(NT_PRSTATUS, 0, &size);
	REQUIRE(st);
	CHECK_EQ(size, sizeof(*st));
	CHECK_EQ(st->pr_pid, crashed);
	CHECK_EQ(st->pr_ppid, getpid());
	CHECK_EQ(st->pr_cursig, SIGSEGV);
	CHECK_EQ(st->pr_info.si_signo, SIGSEGV);
	CHECK_EQ(st->pr_sid, getsid(0));

	ps = find_note(NT_PRPSINFO, 0, &size);
	REQUIRE(ps);
	CHECK_EQ(size, sizeof(*ps));
	CHECK_EQ(ps->pr_pid, crashed);
	CHECK_EQ(ps->pr_sname, 'R');
	CHECK(!strncmp(ps->pr_psargs, self_path, strlen(self_path)));

	info = find_note(NT_SIGINFO, 0, &size);
	REQUIRE(info);
	CHECK_EQ(size, sizeof(*info));
	CHECK_EQ(info->si_signo, SIGSEGV);
	CHECK_EQ((unsigned long)info->si_addr, 8);

	words = find_note(NT_AUXV, 0, &size);
	REQUIRE(words);
	CHECK_EQ(words[size / sizeof(long) - 2], AT_NULL);
	for (size_t i = 0; i < size / sizeof(long); i += 2)
		if (words[i] == AT_ENTRY)
			CHECK_EQ(words[i + 1], getauxval(AT_ENTRY));

	words = find_note(NT_FILE, 0, &size);
	REQUIRE(words);
	CHECK_EQ(words[1], 4096);
	name = (const char *)(words + 2 + 3 * words[0]);
	for (; name < (const char *)words + size; name += strlen(name) + 1)
		named |= !strcmp(name, self_path);
	CHECK(named);
#ifdef __aarch64__
	CHECK(find_note(NT_PRFPREG, 0, &size) && size == 528);
	CHECK(find_note(NT_ARM_TLS, 0, &size) && size >= 8);
	CHECK(find_note(NT_ARM_SYSTEM_CALL, 0, &size) && size == 4);
#else
	CHECK(find_note(NT_ARM_VFP, 0, &size) && size == 260);
#endif
}

TEST(memory)
{
	const phdr_t *p;
	const char *vdso;

	set_limit(RLIM_INFINITY);
	map_things();
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	load_core("core");
	REQUIRE(memory((unsigned long)marker));
	CHECK_STR(memory((unsigned long)marker), "this is in the core dump");
	for (int i = 1; i < header()->e_phnum; i++) {
		CHECK_EQ(segment(i)->p_type, PT_LOAD);
		CHECK_EQ(segment(i)->p_offset & 4095, 0);
		CHECK(segment(i)->p_offset + segment(i)->p_filesz <= core_size);
	}
	p = segment_of((unsigned long)untouched);
	REQUIRE(p);
	CHECK_EQ(p->p_flags, PF_R | PF_W);
	REQUIRE(memory((unsigned long)untouched));
	CHECK_EQ(memory((unsigned long)untouched)[0x1234], 'u');
	CHECK_EQ(memory((unsigned long)untouched)[0x81234], 0);
	CHECK(segment_of((unsigned long)excluded) && !memory((unsigned long)excluded));
	CHECK(memory((unsigned long)shared) && !strcmp(memory((unsigned long)shared), "shared"));
	/* Text: only the page with the headers, where a file's mapping begins. */
	CHECK(!memory((unsigned long)&crash + 4096) || segment_of((unsigned long)&crash)->p_filesz == 4096);
	if (getauxval(AT_SYSINFO_EHDR)) {
		vdso = memory(getauxval(AT_SYSINFO_EHDR));
		CHECK(vdso && !memcmp(vdso, ELFMAG, SELFMAG));
	}
}

TEST(filter)
{
	char text[32];

	set_limit(RLIM_INFINITY);
	read_file("/proc/self/coredump_filter", text, sizeof(text));
	CHECK_STR(text, "00000033\n");
	map_things();
	write_file("/proc/self/coredump_filter", "0x10");
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	load_core("core");
	CHECK(!memory((unsigned long)untouched));
	CHECK(!memory((unsigned long)shared));
	CHECK(!memory((unsigned long)marker));
	CHECK_OK(unlink("core"));
	write_file("/proc/self/coredump_filter", "0x4");
	expect_dump(crash(NULL, SIGSEGV), SIGSEGV);
	load_core("core");
	CHECK(memory((unsigned long)&crash));
	write_file("/proc/self/coredump_filter", "0xffff");
	read_file("/proc/self/coredump_filter", text, sizeof(text));
	CHECK_STR(text, "000001ff\n");
	CHECK_ERR(write(open("/proc/self/coredump_filter", O_WRONLY), "x", 1), EINVAL);
}

HELPER(show_filter)
{
	return file_has("/proc/self/coredump_filter", "00000021") ? 0 : 1;
}

TEST(filter_is_inherited)
{
	pid_t pid;

	write_file("/proc/self/coredump_filter", "0x21");
	pid = fork();
	if (!pid) {
		execl(self_path, self_path, "@t_coredump.show_filter", NULL);
		_exit(99);
	}
	expect_exit(pid, 0);
}

static volatile int ready;

static void *waiting_thread(void *arg)
{
	(void)arg;
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (pause())
		;
	return NULL;
}

static void *spinning_thread(void *arg)
{
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (ready)
		;
	return arg;
}

static volatile pid_t *crash_tid;

static void *crashing_thread(void *arg)
{
	(void)arg;
	while (ready < 2)
		sched_yield();
	*crash_tid = gettid();
	crash_at_8();
	return NULL;
}

static void many_threads(void)
{
	pthread_t t;

	pthread_create(&t, NULL, waiting_thread, NULL);
	pthread_create(&t, NULL, spinning_thread, NULL);
	pthread_create(&t, NULL, crashing_thread, NULL);
	for (;;)
		pause();
}

TEST(threads)
{
	pid_t seen[4] = { 0 };
	const prstatus_t *st;
	size_t size;

	crash_tid = shared_page();
	set_limit(RLIM_INFINITY);
	expect_dump(crash(many_threads, SIGKILL), SIGSEGV);
	load_core("core");
	for (int i = 0; i < 4; i++) {
		st = find_note(NT_PRSTATUS, i, &size);
		REQUIRE(st);
		CHECK_EQ(st->pr_cursig, SIGSEGV);
		for (int j = 0; j < i; j++)
			CHECK(seen[j] != st->pr_pid);
		seen[i] = st->pr_pid;
		if (i == 0)
			CHECK_EQ(st->pr_pid, *crash_tid);
	}
	CHECK(!find_note(NT_PRSTATUS, 4, &size));
#ifdef __aarch64__
	CHECK(find_note(NT_ARM_TLS, 3, &size));
#else
	CHECK(find_note(NT_ARM_VFP, 3, &size));
#endif
}

/* Threads that end, and signals that come, while others crash. */
static void *short_thread(void *arg)
{
	return arg;
}

static void busy_process(void)
{
	pthread_t t;

	for (int i = 0; i < 3; i++)
		pthread_create(&t, NULL, spinning_thread, NULL);
	pthread_create(&t, NULL, crashing_thread, NULL);
	for (;;)
		if (!pthread_create(&t, NULL, short_thread, NULL))
			pthread_detach(t);
}

TEST(threads_that_end)
{
	crash_tid = shared_page();
	set_limit(RLIM_INFINITY);
	for (int i = 0; i < 6; i++) {
		expect_dump(crash(busy_process, SIGKILL), SIGSEGV);
		CHECK_OK(unlink("core"));
	}
}

/* For test_shell.py, which takes the core to a debugger. */
static int __attribute__((noinline)) fault_in(int depth)
{
	int value = *(volatile int *)8;

	return value + depth;
}

static int __attribute__((noinline)) called_by_main(int depth)
{
	return fault_in(depth + 1) + 1;
}

HELPER(crash)
{
	return called_by_main(argc) + 1;
}
