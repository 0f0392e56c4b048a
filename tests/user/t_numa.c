// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_numa.c: the NUMA calls on a machine of one node: policies are kept and told. Debian's 32-bit kernel has none
 * of them.
 */
#include "tap.h"

#include <limits.h>

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

enum { DEFAULT, PREFERRED, BIND, INTERLEAVE, LOCAL, PREFERRED_MANY, NR_MODES };
#define STATIC		(1 << 15)
#define RELATIVE	(1 << 14)
#define BALANCING	(1 << 13)
#define F_NODE		1
#define F_ADDR		2
#define F_MEMS		4
#define MOVE		2
#define MOVE_ALL	4

#ifdef __aarch64__
enum { MBIND = 235, GET, SET, MIGRATE, MOVE_PAGES };
#else
enum { MBIND = 319, GET, SET, MOVE_PAGES = 344, MIGRATE = 400 };
#endif
#define HOME_NODE 450

static void need_numa(void)
{
	if (!kernel_is_64bit())
		skip("no NUMA");
}

static char *anon(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

/* With holes around it, so that it merges with no neighbour. */
static char *anon_alone(size_t pages)
{
	char *p = anon(pages + 2);

	munmap(p, PAGE);
	munmap(p + (pages + 1) * PAGE, PAGE);
	return p + PAGE;
}

static long set_policy(int mode, unsigned long nodes)
{
	return syscall(SET, mode, &nodes, 17);
}

static long bind(void *p, size_t len, int mode, unsigned long nodes, int flags)
{
	return syscall(MBIND, p, len, mode, &nodes, 17, flags);
}

/* The policy at @addr (NULL: the task's) is this. */
static void check_policy(void *addr, int mode, unsigned long nodes)
{
	unsigned long mask[2] = { ~0UL, ~0UL };
	int got = -1;

	CHECK_OK(syscall(GET, &got, mask, 8 * sizeof(long) + 1, addr, addr ? F_ADDR : 0));
	CHECK_EQ(got, mode);
	CHECK_EQ(mask[0], nodes);
	CHECK_EQ(mask[1], is_compat() ? 0 : ~0UL);	/* masks are rounded up to 64 bits */
}

TEST(not_on_32_bit)
{
	static const long calls[] = { MBIND, GET, SET, MIGRATE, MOVE_PAGES, HOME_NODE };
	size_t i;

	if (kernel_is_64bit())
		skip("it has them");
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		CHECK_ERR(syscall(calls[i], 0, 0, 0, 0, 0, 0), ENOSYS);
	CHECK_ERR(open("/proc/self/numa_maps", O_RDONLY), ENOENT);
}

TEST(task_policies)
{
	need_numa();
	check_policy(NULL, DEFAULT, 0);
	CHECK_OK(set_policy(PREFERRED, 1));
	check_policy(NULL, PREFERRED, 1);
	CHECK_OK(set_policy(PREFERRED, 0));
	check_policy(NULL, LOCAL, 0);
	CHECK_OK(set_policy(LOCAL, 0));
	check_policy(NULL, LOCAL, 0);
	CHECK_OK(set_policy(INTERLEAVE, 3));
	check_policy(NULL, INTERLEAVE, 1);
	CHECK_OK(set_policy(PREFERRED_MANY, 0xffff));
	check_policy(NULL, PREFERRED_MANY, 1);
	CHECK_OK(set_policy(BIND | STATIC, 5));
	check_policy(NULL, BIND | STATIC, 5);
	CHECK_OK(set_policy(BIND | RELATIVE, 6));
	check_policy(NULL, BIND | RELATIVE, 6);
	CHECK_OK(set_policy(BIND | BALANCING, 1));
	check_policy(NULL, BIND | BALANCING, 1);
	CHECK_OK(set_policy(DEFAULT | STATIC, 0));
	check_policy(NULL, DEFAULT, 0);
}

TEST(refused_policies)
{
	unsigned long big[PAGE / sizeof(long) + 1] = { 1 };
	int mode;

	need_numa();
	CHECK_ERR(set_policy(NR_MODES, 1), EINVAL);
	CHECK_ERR(set_policy(-1, 1), EINVAL);
	CHECK_ERR(set_policy(BIND | STATIC | RELATIVE, 1), EINVAL);
	CHECK_ERR(set_policy(INTERLEAVE | BALANCING, 1), EINVAL);
	CHECK_ERR(set_policy(DEFAULT, 1), EINVAL);
	CHECK_ERR(set_policy(LOCAL, 1), EINVAL);
	CHECK_ERR(set_policy(LOCAL | STATIC, 0), EINVAL);
	CHECK_ERR(set_policy(PREFERRED | STATIC, 0), EINVAL);
	CHECK_ERR(set_policy(BIND, 0), EINVAL);
	for (mode = PREFERRED; mode < NR_MODES; mode++)
		CHECK_ERR(set_policy(mode, 2), EINVAL);	/* there is no node 1 */
	CHECK_ERR(syscall(SET, NR_MODES, 16, 17), EINVAL);
	CHECK_ERR(syscall(SET, BIND, 16, 17), EFAULT);
	CHECK_ERR(syscall(SET, BIND, big, 0), EINVAL);
	CHECK_ERR(syscall(SET, BIND, big, 8 * PAGE + 2), EINVAL);
	CHECK_OK(syscall(SET, BIND, big, 8 * PAGE + 1));
	CHECK_ERR(syscall(SET, BIND, big, 1), EINVAL);	/* no bits */
	CHECK_OK(syscall(SET, BIND, big, 2));
	big[0] |= 1 << 16;
	CHECK_ERR(syscall(SET, BIND, big, 18), EINVAL);
	CHECK_OK(syscall(SET, BIND, big, 17));
	big[0] = 1;
	big[4] = 2;
	CHECK_ERR(syscall(SET, BIND, big, 5 * 8 * sizeof(long) + 1), EINVAL);
	check_policy(NULL, BIND, 1);
}

TEST(get_refusals)
{
	unsigned long mask;
	char *p = anon(1);
	int mode;

	need_numa();
	CHECK_ERR(syscall(GET, &mode, &mask, 0, 0, 0), EINVAL);
	CHECK_OK(syscall(GET, &mode, NULL, 0, 0, 0));
	CHECK_OK(syscall(GET, NULL, NULL, 0, 0, 0));
	CHECK_ERR(syscall(GET, &mode, &mask, 64, 0, 8), EINVAL);
	CHECK_ERR(syscall(GET, &mode, &mask, 64, p, 0), EINVAL);
	CHECK_ERR(syscall(GET, &mode, &mask, 64, 0, F_NODE), EINVAL);
	CHECK_ERR(syscall(GET, &mode, &mask, 64, 0, F_MEMS | F_NODE), EINVAL);
	CHECK_ERR(syscall(GET, &mode, &mask, 64, 0, F_MEMS | F_ADDR), EINVAL);
	CHECK_ERR(syscall(GET, 16, &mask, 64, 0, 0), EFAULT);
	CHECK_ERR(syscall(GET, &mode, 16, 65, 0, 0), EFAULT);
	CHECK_ERR(syscall(GET, &mode, &mask, 8 * PAGE + 2, 0, 0), EINVAL);
	CHECK_OK(munmap(p, PAGE));
	CHECK_ERR(syscall(GET, &mode, &mask, 64, p, F_ADDR), EFAULT);
	CHECK_ERR(syscall(GET, &mode, &mask, 64, p, F_ADDR | F_NODE), EFAULT);
}

TEST(what_get_tells)
{
	unsigned long mask[4] = { 0, ~0UL, ~0UL, ~0UL };
	char *p = anon(1);
	int mode = -1;

	need_numa();
	CHECK_OK(syscall(GET, &mode, mask, 3 * 8 * sizeof(long) + 1, 0, F_MEMS));
	CHECK_EQ(mode, 0);
	CHECK_EQ(mask[0], 1);
	CHECK_EQ(mask[1] | mask[2], 0);
	mode = -1;
	CHECK_OK(syscall(GET, &mode, NULL, 0, p, F_ADDR | F_NODE));
	CHECK_EQ(mode, 0);
	CHECK_OK(set_policy(INTERLEAVE, 1));
	mode = -1;
	CHECK_OK(syscall(GET, &mode, NULL, 0, 0, F_NODE));
	CHECK_EQ(mode, 0);
}

static void as_parent(void)
{
	check_policy(NULL, BIND, 1);
}

HELPER(after_exec)
{
	check_policy(NULL, BIND, 1);
	finish();
}

TEST(fork_and_exec_keep_it)
{
	pid_t pid;

	need_numa();
	CHECK_OK(set_policy(BIND, 1));
	in_child(as_parent);
	pid = fork();
	if (!pid) {
		execl(self_path, self_path, "@t_numa.after_exec", NULL);
		_exit(99);
	}
	expect_exit(pid, 0);
}

static int count_maps(const char *p, size_t len)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long lo, hi;
	char line[300];
	int n = 0;

	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx", &lo, &hi) == 2)
			n += lo < (unsigned long)p + len && hi > (unsigned long)p;
	fclose(maps);
	return n;
}

TEST(ranges)
{
	char *p;

	need_numa();
	p = anon_alone(6);
	check_policy(p, DEFAULT, 0);
	CHECK_OK(bind(p + 2 * PAGE, 2 * PAGE - 1, BIND, 1, 0));
	check_policy(p + PAGE, DEFAULT, 0);
	check_policy(p + 2 * PAGE, BIND, 1);
	check_policy(p + 3 * PAGE, BIND, 1);
	check_policy(p + 4 * PAGE, DEFAULT, 0);
	CHECK_EQ(count_maps(p, 6 * PAGE), 3);
	CHECK_OK(bind(p, 6 * PAGE, BIND, 1, MOVE | 1));
	CHECK_EQ(count_maps(p, 6 * PAGE), 1);
	CHECK_OK(bind(p + PAGE, PAGE, DEFAULT, 0, 0));
	CHECK_OK(bind(p + 2 * PAGE, PAGE, BIND | STATIC, 3, 0));
	CHECK_EQ(count_maps(p, 6 * PAGE), 4);
	check_policy(p + 2 * PAGE, BIND | STATIC, 3);
	CHECK_OK(bind(p, 6 * PAGE, DEFAULT, 0, 0));
	CHECK_EQ(count_maps(p, 6 * PAGE), 1);
}

TEST(refused_ranges)
{
	char *p = anon(4);

	need_numa();
	CHECK_OK(munmap(p + 2 * PAGE, PAGE));
	CHECK_ERR(bind(p, 4 * PAGE, BIND, 1, 0), EFAULT);
	CHECK_ERR(bind(p + 2 * PAGE, 2 * PAGE, BIND, 1, 0), EFAULT);
	CHECK_ERR(bind(p + PAGE, 2 * PAGE, BIND, 1, 0), EFAULT);
	check_policy(p, DEFAULT, 0);
	CHECK_ERR(bind(p + 1, PAGE, BIND, 1, 0), EINVAL);
	CHECK_ERR(bind(p, PAGE, BIND, 1, 8), EINVAL);
	CHECK_ERR(bind(p, PAGE, BIND, 2, 0), EINVAL);
	CHECK_ERR(bind(p, PAGE, NR_MODES, 1, 0), EINVAL);
	CHECK_ERR(bind(p, PAGE, DEFAULT, 1, 0), EINVAL);
	CHECK_OK(bind(p, 0, BIND, 0, 0));		/* nothing to do comes first */
	CHECK_ERR(syscall(MBIND, p, PAGE, BIND, 16, 17, 0), EFAULT);
	become_user();
	CHECK_ERR(bind(p, PAGE, BIND, 1, MOVE_ALL), EPERM);
	CHECK_OK(bind(p, PAGE, BIND, 1, MOVE));
}

TEST(home_node)
{
	char *p = anon(4);

	need_numa();
	CHECK_ERR(syscall(HOME_NODE, p, PAGE, 0, 0), ENOENT);
	CHECK_ERR(syscall(HOME_NODE, p + 1, PAGE, 0, 0), EINVAL);
	CHECK_ERR(syscall(HOME_NODE, p, PAGE, 1, 0), EINVAL);
	CHECK_ERR(syscall(HOME_NODE, p, PAGE, 0, 1), EINVAL);
	CHECK_OK(syscall(HOME_NODE, p, 0, 0, 0));
	CHECK_OK(bind(p, PAGE, BIND, 1, 0));
	CHECK_OK(syscall(HOME_NODE, p, 2 * PAGE, 0, 0));
	CHECK_OK(bind(p + PAGE, PAGE, PREFERRED_MANY, 1, 0));
	CHECK_OK(syscall(HOME_NODE, p, 2 * PAGE, 0, 0));
	CHECK_OK(bind(p + PAGE, PAGE, INTERLEAVE, 1, 0));
	CHECK_ERR(syscall(HOME_NODE, p, 2 * PAGE, 0, 0), EOPNOTSUPP);
}

static int the_parent;

static void without_privilege(void)
{
	unsigned long zero = 1, one = 2;
	int status;
	void *page = &status;

	become_user();
	CHECK_ERR(syscall(MIGRATE, the_parent, 17, &zero, &zero), EPERM);
	CHECK_ERR(syscall(MIGRATE, 0, 17, &zero, &one), EPERM);
	CHECK_ERR(syscall(MOVE_PAGES, the_parent, 1, &page, NULL, &status, 0), EPERM);
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, &page, NULL, &status, MOVE_ALL), EPERM);
}

TEST(migrate_pages)
{
	unsigned long zero = 1, one = 2, both = 3, far = 1 << 16;

	need_numa();
	CHECK_EQ(syscall(MIGRATE, 0, 17, &zero, &zero), 0);
	CHECK_EQ(syscall(MIGRATE, 0, 17, &one, &zero), 0);
	CHECK_EQ(syscall(MIGRATE, getpid(), 17, &both, &both), 0);
	CHECK_ERR(syscall(MIGRATE, 0, 17, &zero, &one), EINVAL);
	CHECK_ERR(syscall(MIGRATE, 0, 17, &zero, NULL), EINVAL);
	CHECK_ERR(syscall(MIGRATE, 0, 18, &far, &zero), EINVAL);
	CHECK_ERR(syscall(MIGRATE, 0, 17, 16, &zero), EFAULT);
	CHECK_ERR(syscall(MIGRATE, INT_MAX, 17, &zero, &zero), ESRCH);
	the_parent = getpid();
	in_child(without_privilege);
}

TEST(move_pages)
{
	char *p = anon(3);
	void *pages[4] = { p, p + PAGE, p + 2 * PAGE, (void *)16 };
	int status[4], nodes[4] = { 0 }, i;

	need_numa();
	p[5] = 1;
	*(volatile char *)(p + PAGE);		/* the zero page, perhaps */
	memset(status, 99, sizeof(status));
	CHECK_OK(syscall(MOVE_PAGES, 0, 4, pages, NULL, status, 0));
	CHECK_EQ(status[0], 0);
	for (i = 1; i < 4; i++)
		CHECK_EQ(status[i], -EFAULT);
	memset(status, 99, sizeof(status));
	CHECK_OK(syscall(MOVE_PAGES, getpid(), 4, pages, nodes, status, MOVE));
	CHECK_EQ(status[0], 0);
	for (i = 1; i < 4; i++)
		CHECK_EQ(status[i], -EFAULT);
	nodes[0] = 1;
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, pages, nodes, status, MOVE), ENODEV);
	nodes[0] = -1;
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, pages, nodes, status, MOVE), ENODEV);
	CHECK_OK(syscall(MOVE_PAGES, 0, 0, NULL, NULL, NULL, 0));
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, pages, NULL, status, 1), EINVAL);
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, 16, NULL, status, 0), EFAULT);
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, pages, NULL, 16, 0), EFAULT);
	CHECK_ERR(syscall(MOVE_PAGES, 0, 1, pages, 16, status, 0), EFAULT);
	CHECK_ERR(syscall(MOVE_PAGES, INT_MAX, 1, pages, NULL, status, 0), ESRCH);
	/* A file's page that is not mapped yet. */
	p = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK_OK(syscall(MOVE_PAGES, 0, 1, &p, NULL, status, 0));
	CHECK_EQ(status[0], -ENOENT);
}

/* The line of numa_maps that begins with the address. */
static const char *numa_line(const void *p)
{
	static char text[16384];
	char head[24], *line;

	REQUIRE(read_file("/proc/self/numa_maps", text, sizeof(text)) > 0);
	snprintf(head, sizeof(head), "%08lx ", (unsigned long)p);
	line = strstr(text, head);
	REQUIRE(line);
	line[strcspn(line, "\n")] = '\0';
	return line + strlen(head);
}

TEST(numa_maps)
{
	char *p;

	need_numa();
	p = anon_alone(6);
	CHECK_STR(numa_line(p), "default");
	memset(p, 1, 2 * PAGE);
	CHECK_STR(numa_line(p), "default anon=2 dirty=2 active=0 N0=2 kernelpagesize_kB=4");
	CHECK_OK(set_policy(INTERLEAVE, 1));
	CHECK_OK(bind(p + 3 * PAGE, PAGE, BIND | STATIC, 3, 0));
	CHECK_OK(bind(p + 4 * PAGE, PAGE, PREFERRED_MANY | RELATIVE, 8, 0));
	CHECK_OK(bind(p + 5 * PAGE, PAGE, LOCAL, 0, 0));
	CHECK(!strncmp(numa_line(p), "interleave:0 anon=2", 19));
	CHECK_STR(numa_line(p + 3 * PAGE), "bind=static:0");
	CHECK_STR(numa_line(p + 4 * PAGE), "prefer (many)=relative:0");
	CHECK_STR(numa_line(p + 5 * PAGE), "local");
	CHECK(file_has("/proc/self/numa_maps", " stack anon="));
	CHECK(file_has("/proc/self/numa_maps", " file="));
}

TEST(default_over_holes)
{
	char *p;

	need_numa();
	p = anon_alone(4);
	munmap(p + PAGE, PAGE);
	CHECK_ERR(bind(p, 4 * PAGE, BIND, 1, 0), EFAULT);
	CHECK_OK(bind(p, 4 * PAGE, 0, 0, 0));
	CHECK_ERR(bind(p + PAGE, PAGE, 0, 0, 0), EFAULT);	/* nothing but a hole */
}
