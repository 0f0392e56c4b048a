// SPDX-License-Identifier: GPL-2.0-only
/* t_sysv_shm.c: System V shared memory. */
#include "tap.h"

#include <limits.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/shm.h>

#define BAD	((void *)8)
/* The C library may look at the buffer; and the 32-bit ABI says so when it wants the new structures. */
#define raw_shmctl(id, cmd, buf) syscall(SYS_shmctl, id, (cmd) | (sizeof(long) == 4 ? 0x100 : 0), buf)
#define KEY	0x7e57a3
#define PAGE	4096UL
#define FAILED	((void *)-1)

static int new_segment(size_t size, int mode)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | mode);

	REQUIRE(id >= 0);
	return id;
}

static void drop(int id)
{
	CHECK_OK(shmctl(id, IPC_RMID, NULL));
}

static char *attach(int id, const void *where, int flags)
{
	char *p = shmat(id, where, flags);

	REQUIRE(p != FAILED);
	return p;
}

static long nattch(int id)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) ? -1 : (long)ds.shm_nattch;
}

/* Room for n pages, at an address that suits shmat(). */
static char *room(int n)
{
	char *p = mmap(NULL, (n + 4) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p, (n + 4) * PAGE);
	return (char *)(((unsigned long)p + 4 * PAGE - 1) & ~(4 * PAGE - 1));
}

TEST(get_by_key)
{
	int id = shmget(KEY, 100, IPC_CREAT | IPC_EXCL | 0600);

	REQUIRE(id >= 0);
	CHECK_EQ(shmget(KEY, 0, 0), id);
	CHECK_EQ(shmget(KEY, 100, IPC_CREAT | 0600), id);
	CHECK_ERR(shmget(KEY, 101, 0), EINVAL);
	CHECK_ERR(shmget(KEY, 100, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_ERR(shmget(KEY + 1, 100, 0600), ENOENT);
	drop(id);
	CHECK_ERR(shmget(KEY, 0, 0), ENOENT);
}

TEST(get_errors)
{
	CHECK_ERR(shmget(IPC_PRIVATE, 0, 0600), EINVAL);
	CHECK_ERR(shmget(KEY, 0, IPC_CREAT | 0600), EINVAL);
	CHECK_ERR(shmget(IPC_PRIVATE, -1UL, 0600), is_compat() ? ENOMEM : EINVAL);	/* more than shmmax? */
	CHECK_ERR(shmget(IPC_PRIVATE, PAGE, 0600 | SHM_HUGETLB), ENOMEM);	/* none are reserved */
	CHECK_ERR(shmget(IPC_PRIVATE, PAGE, 0600 | SHM_HUGETLB | 19 << 26), EINVAL);
	/* More than there is, by far. */
	CHECK_ERR(shmget(IPC_PRIVATE, sizeof(long) == 8 ? 1UL << 45 : 3UL << 30, 0600), ENOMEM);
}

TEST(data_is_shared)
{
	int id = new_segment(3 * PAGE, 0600);
	char *p = attach(id, NULL, 0), *q;
	pid_t pid;

	CHECK_EQ(p[0], 0);
	CHECK_EQ(p[3 * PAGE - 1], 0);
	strcpy(p + PAGE, "hello");
	q = attach(id, NULL, 0);
	CHECK(p != q);
	CHECK_STR(q + PAGE, "hello");
	pid = fork();
	if (!pid) {
		CHECK_STR(p + PAGE, "hello");
		strcpy(q, "child");
		finish();
	}
	expect_exit(pid, 0);
	CHECK_STR(p, "child");
	CHECK_OK(shmdt(p));
	CHECK_OK(shmdt(q));
	/* What was written stays. */
	p = attach(id, NULL, SHM_RDONLY);
	CHECK_STR(p, "child");
	CHECK_OK(shmdt(p));
	drop(id);
}

static void touch(void *p)
{
	*(volatile char *)p = 1;
}

TEST(read_only)
{
	int id = new_segment(PAGE, 0600);
	char *p = attach(id, NULL, SHM_RDONLY);

	CHECK_EQ(fault_of(touch, p, NULL), SIGSEGV);
	CHECK_ERR(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK_OK(shmdt(p));
	CHECK_EQ(fault_of(touch, p, NULL), SIGSEGV);
	drop(id);
}

TEST(attach_address)
{
	int id = new_segment(2 * PAGE, 0600);
	char *where = room(8), *p;

	p = attach(id, where, 0);
	CHECK(p == where);
	/* Occupied. */
	CHECK(shmat(id, where, 0) == FAILED && errno == EINVAL);
	if (getpagesize() == SHMLBA)
		CHECK(shmat(id, where + PAGE, 0) == FAILED && errno == EINVAL);
	p[0] = 'x';
	CHECK(shmat(id, where, SHM_REMAP) == where);
	CHECK_EQ(p[0], 'x');
	CHECK_EQ(nattch(id), 1);
	CHECK_OK(shmdt(p));
	/* Not a multiple. */
	CHECK(shmat(id, where + 1, 0) == FAILED && errno == EINVAL);
	CHECK(shmat(id, where + PAGE - 1, 0) == FAILED && errno == EINVAL);
	p = attach(id, where + PAGE - 1, SHM_RND);
	CHECK(p == where);
	CHECK_OK(shmdt(p));
	p = attach(id, where + SHMLBA + 7, SHM_RND);
	CHECK(p == where + SHMLBA);
	CHECK_OK(shmdt(p));
	CHECK(shmat(id, NULL, SHM_REMAP) == FAILED && errno == EINVAL);
	CHECK(shmat(id, (void *)1, SHM_REMAP | SHM_RND) == FAILED && errno == EINVAL);
	if (!is_compat())			/* there the last pages are the program's, too */
		CHECK(shmat(id, (void *)(-4 * PAGE), 0) == FAILED && errno != EIDRM);
	drop(id);
}

TEST(attach_errors)
{
	int id = new_segment(PAGE, 0600);

	CHECK(shmat(-1, NULL, 0) == FAILED && errno == EINVAL);
	CHECK(shmat(0x7fff7fff, NULL, 0) == FAILED && errno == EINVAL);
	CHECK_ERR(shmdt(NULL), EINVAL);
	CHECK_ERR(shmdt((void *)1), EINVAL);
	CHECK_ERR(shmdt(room(1)), EINVAL);
	{
		char *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		CHECK_ERR(shmdt(p), EINVAL);
		p = attach(id, NULL, 0);
		CHECK_ERR(shmdt(p + 1), EINVAL);
		CHECK_OK(shmdt(p));
		CHECK_ERR(shmdt(p), EINVAL);
	}
	drop(id);
	CHECK(shmat(id, NULL, 0) == FAILED && errno == EINVAL);
}

TEST(remap_replaces)
{
	int id = new_segment(PAGE, 0600);
	char *p = mmap(room(4), 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	p[0] = 'a';
	p[PAGE] = 'b';
	CHECK(shmat(id, p, 0) == FAILED && errno == EINVAL);
	CHECK(shmat(id, p, SHM_REMAP) == p);
	CHECK_EQ(p[0], 0);
	CHECK_EQ(p[PAGE], 'b');
	CHECK_OK(shmdt(p));
	drop(id);
}

TEST(executable)
{
	int id = new_segment(PAGE, 0600);
	char *p;

	CHECK(shmat(id, NULL, SHM_EXEC) != FAILED);	/* root */
	p = attach(id, NULL, SHM_EXEC | SHM_RDONLY);
	CHECK_OK(mprotect(p, PAGE, PROT_READ));
	drop(id);
}

TEST(status)
{
	int id = new_segment(PAGE + 1, 0640);
	time_t now = time(NULL);
	struct shmid_ds ds;
	char *p;

	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_perm.mode, 0640);
	CHECK_EQ(ds.shm_perm.uid, geteuid());
	CHECK_EQ(ds.shm_perm.cuid, geteuid());
	CHECK_EQ(ds.shm_segsz, PAGE + 1);
	CHECK_EQ(ds.shm_nattch, 0);
	CHECK_EQ(ds.shm_cpid, getpid());
	CHECK_EQ(ds.shm_lpid, 0);
	CHECK_EQ(ds.shm_atime, 0);
	CHECK_EQ(ds.shm_dtime, 0);
	CHECK(ds.shm_ctime >= now - 1 && ds.shm_ctime <= now + 2);
	p = attach(id, NULL, 0);
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_nattch, 1);
	CHECK_EQ(ds.shm_lpid, getpid());
	CHECK(ds.shm_atime >= now - 1 && ds.shm_atime <= now + 2);
	CHECK_EQ(ds.shm_dtime, 0);
	CHECK_OK(shmdt(p));
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_nattch, 0);
	CHECK(ds.shm_dtime >= now - 1 && ds.shm_dtime <= now + 2);
	ds.shm_perm.uid = 55;
	ds.shm_perm.gid = 56;
	ds.shm_perm.mode = 07111;
	CHECK_OK(shmctl(id, IPC_SET, &ds));
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_perm.uid, 55);
	CHECK_EQ(ds.shm_perm.gid, 56);
	CHECK_EQ(ds.shm_perm.mode, 0111);
	ds.shm_perm.gid = -1;
	CHECK_ERR(shmctl(id, IPC_SET, &ds), EINVAL);
	CHECK_EQ(shmctl(id & 0x7fff, SHM_STAT, &ds), id);
	CHECK_EQ(shmctl(id & 0x7fff, 15 /* SHM_STAT_ANY */, &ds), id);
	drop(id);
	CHECK_ERR(shmctl(id, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(shmctl(id & 0x7fff, SHM_STAT, &ds), EINVAL);
}

TEST(control_errors)
{
	int id = new_segment(PAGE, 0600);
	struct shmid_ds ds;

	CHECK_ERR(shmctl(-1, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(shmctl(id, -1, &ds), EINVAL);
	CHECK_ERR(shmctl(id, 99, &ds), EINVAL);
	CHECK_ERR(shmctl(0x7fff7fff, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(raw_shmctl(id, IPC_STAT, BAD), EFAULT);
	CHECK_ERR(raw_shmctl(id, IPC_SET, BAD), EFAULT);
	CHECK_ERR(raw_shmctl(id, IPC_INFO, BAD), EFAULT);
	CHECK_ERR(raw_shmctl(id, SHM_INFO, BAD), EFAULT);
	CHECK_ERR(shmctl(0x7fff7fff, SHM_LOCK, NULL), EINVAL);
	drop(id);
	CHECK_ERR(shmctl(id, SHM_LOCK, NULL), EINVAL);
	CHECK_ERR(shmctl(id, IPC_RMID, NULL), EINVAL);
}

TEST(permissions)
{
	int id = shmget(KEY, PAGE, IPC_CREAT | 0600), open_id = new_segment(PAGE, 0604);
	struct shmid_ds ds;
	pid_t pid = fork();

	if (!pid) {
		become_user();
		CHECK_ERR(shmget(KEY, 0, 0400), EACCES);
		CHECK_EQ(shmget(KEY, 0, 0), id);
		CHECK(shmat(id, NULL, 0) == FAILED && errno == EACCES);
		CHECK(shmat(id, NULL, SHM_RDONLY) == FAILED && errno == EACCES);
		CHECK_ERR(shmctl(id, IPC_STAT, &ds), EACCES);
		CHECK_ERR(shmctl(id & 0x7fff, SHM_STAT, &ds), EACCES);
		CHECK_EQ(shmctl(id & 0x7fff, 15, &ds), id);
		CHECK_ERR(shmctl(id, IPC_SET, &ds), EPERM);
		CHECK_ERR(shmctl(id, IPC_RMID, NULL), EPERM);
		CHECK_ERR(shmctl(id, SHM_LOCK, NULL), EPERM);
		CHECK_ERR(shmctl(id, SHM_UNLOCK, NULL), EPERM);
		CHECK(shmat(open_id, NULL, 0) == FAILED && errno == EACCES);
		CHECK(shmat(open_id, NULL, SHM_RDONLY | SHM_EXEC) == FAILED && errno == EACCES);
		CHECK(shmat(open_id, NULL, SHM_RDONLY) != FAILED);
		finish();
	}
	expect_exit(pid, 0);
	drop(id);
	drop(open_id);
}

TEST(locking)
{
	int id = new_segment(2 * PAGE, 0600);
	struct shmid_ds ds;
	pid_t pid;

	CHECK_OK(shmctl(id, SHM_LOCK, NULL));
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_perm.mode, 02600);
	CHECK_OK(shmctl(id, SHM_LOCK, NULL));
	CHECK_OK(shmctl(id, SHM_UNLOCK, NULL));
	CHECK_OK(shmctl(id, SHM_UNLOCK, NULL));
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_perm.mode, 0600);
	drop(id);
	pid = fork();
	if (!pid) {
		become_user();
		id = new_segment(4 * PAGE, 0600);
		setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 0, 4 * PAGE });
		CHECK_ERR(shmctl(id, SHM_LOCK, NULL), EPERM);
		setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 2 * PAGE, 4 * PAGE });
		CHECK_ERR(shmctl(id, SHM_LOCK, NULL), ENOMEM);
		setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 4 * PAGE, 4 * PAGE });
		CHECK_OK(shmctl(id, SHM_LOCK, NULL));
		{
			int other = new_segment(PAGE, 0600);

			CHECK_ERR(shmctl(other, SHM_LOCK, NULL), ENOMEM);
			CHECK_OK(shmctl(id, SHM_UNLOCK, NULL));
			CHECK_OK(shmctl(other, SHM_LOCK, NULL));
			drop(other);
		}
		CHECK_OK(shmctl(id, SHM_LOCK, NULL));
		drop(id);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(info)
{
	int id = new_segment(3 * PAGE, 0600), last;
	struct shm_info usage;
	struct shminfo limits;
	char *p = attach(id, NULL, 0);

	p[0] = 1;
	last = shmctl(0, IPC_INFO, (struct shmid_ds *)&limits);
	CHECK(last >= (id & 0x7fff));
	CHECK_EQ(limits.shmmin, 1);
	CHECK_EQ(limits.shmmni, 4096);
	CHECK_EQ(limits.shmseg, 4096);
	CHECK_EQ(limits.shmmax, is_compat() ? INT_MAX : -1UL - (1UL << 24));
	CHECK_EQ(limits.shmall, -1UL - (1UL << 24));
	CHECK_EQ(shmctl(0, SHM_INFO, (struct shmid_ds *)&usage), last);
	CHECK(usage.used_ids >= 1);
	CHECK(usage.shm_tot >= 3);
	CHECK(usage.shm_rss >= 1);
	CHECK_EQ(usage.shm_swp, 0);
	CHECK_OK(shmdt(p));
	drop(id);
}

TEST(removed_while_attached)
{
	int id = shmget(KEY, PAGE, IPC_CREAT | 0600), other;
	char *p = attach(id, NULL, 0), *q;
	struct shmid_ds ds;

	strcpy(p, "alive");
	drop(id);
	CHECK_ERR(shmget(KEY, 0, 0), ENOENT);
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.shm_perm.mode, 01600);
	CHECK_EQ(ds.shm_perm.__key, 0);
	CHECK_EQ(ds.shm_nattch, 1);
	other = shmget(KEY, PAGE, IPC_CREAT | IPC_EXCL | 0600);
	CHECK(other >= 0 && other != id);
	q = attach(id, NULL, 0);
	CHECK_STR(q, "alive");
	CHECK_OK(shmctl(id, IPC_RMID, NULL));
	CHECK_OK(shmdt(q));
	CHECK_STR(p, "alive");
	CHECK_OK(shmdt(p));
	CHECK_ERR(shmctl(id, IPC_STAT, &ds), EINVAL);
	drop(other);
}

TEST(attachments_count)
{
	int id = new_segment(4 * PAGE, 0600);
	char *p = attach(id, NULL, 0);
	struct gate gate;
	pid_t pid;

	gate_init(&gate);
	pid = fork();
	if (!pid) {
		gate_wait(&gate);
		finish();
	}
	CHECK_EQ(nattch(id), 2);
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK_EQ(nattch(id), 1);
	gate_init(&gate);
	pid = fork();
	if (!pid) {
		execl(self_path, self_path, "@t_sysv_shm.exit_when_told", NULL);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(nattch(id), 1);
	/* Parts of a mapping count. */
	CHECK_OK(mprotect(p + PAGE, PAGE, PROT_READ));
	CHECK_EQ(nattch(id), 3);
	CHECK_OK(munmap(p + PAGE, PAGE));
	CHECK_EQ(nattch(id), 2);
	CHECK_OK(shmdt(p));
	CHECK_EQ(nattch(id), 0);
	drop(id);
}

HELPER(exit_when_told)
{
	return argc != 1;
}

TEST(exec_detaches)
{
	int id = new_segment(PAGE, 0600);
	pid_t pid;
	char number[16];

	attach(id, NULL, 0);
	snprintf(number, sizeof(number), "%d", id);
	pid = fork();
	if (!pid) {
		execl(self_path, self_path, "@t_sysv_shm.nattch_is_one", number, NULL);
		finish();
	}
	expect_exit(pid, 0);
	drop(id);
}

HELPER(nattch_is_one)
{
	return argc != 2 || nattch(atoi(argv[1])) != 1;
}

TEST(detach_from_the_middle)
{
	int id = new_segment(4 * PAGE, 0600);
	char *p = attach(id, NULL, 0);

	CHECK_OK(munmap(p, PAGE));
	/* What is left of it is still known by where it was attached. */
	CHECK_OK(shmdt(p));
	CHECK_EQ(nattch(id), 0);
	CHECK_EQ(fault_of(touch, p + PAGE, NULL), SIGSEGV);
	drop(id);
}

TEST(moved_attachment)
{
	int id = new_segment(2 * PAGE, 0600);
	char *p = attach(id, NULL, 0), *q;

	strcpy(p, "moved");
	q = mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room(2));
	CHECK(q != MAP_FAILED);
	CHECK_STR(q, "moved");
	CHECK_EQ(nattch(id), 1);
	CHECK_ERR(shmdt(p), EINVAL);
	CHECK_OK(shmdt(q));
	CHECK_EQ(nattch(id), 0);
	drop(id);
}

TEST(maps_text)
{
	int id = shmget(KEY, 2 * PAGE, IPC_CREAT | 0600), private = new_segment(PAGE, 0600);
	char *p = attach(id, NULL, 0), line[160];

	attach(private, NULL, SHM_RDONLY);
	snprintf(line, sizeof(line), "%08lx-%08lx rw-s 00000000 ", (unsigned long)p, (unsigned long)p + 2 * PAGE);
	CHECK(file_has("/proc/self/maps", line));
	snprintf(line, sizeof(line), " %d ", id);
	CHECK(file_has("/proc/self/maps", line));
	CHECK(file_has("/proc/self/maps", "/SYSV007e57a3 (deleted)\n"));
	CHECK(file_has("/proc/self/maps", "/SYSV00000000 (deleted)\n"));
	drop(id);
	drop(private);
}

TEST(odd_size)
{
	int id = new_segment(PAGE + 1, 0600);
	char *p = attach(id, room(4), 0);

	p[2 * PAGE - 1] = 1;
	CHECK_EQ(fault_of(touch, p + 2 * PAGE, NULL), SIGSEGV);
	CHECK_OK(shmdt(p));
	CHECK_EQ(nattch(id), 0);
	drop(id);
}

TEST(rmid_forced)
{
	int id, used;
	pid_t pid;
	char text[16];
	int *ids = shared_page();

	CHECK(read_file("/proc/sys/kernel/shm_rmid_forced", text, sizeof(text)) > 0);
	CHECK_STR(text, "0\n");
	pid = fork();
	if (!pid) {
		ids[0] = new_segment(PAGE, 0600);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(nattch(ids[0]), 0);
	used = new_segment(PAGE, 0600);
	write_file("/proc/sys/kernel/shm_rmid_forced", "1");
	CHECK_EQ(nattch(ids[0]), -1);		/* its creator is gone */
	CHECK_EQ(nattch(used), 0);		/* we are not */
	CHECK_OK(shmdt(attach(used, NULL, 0)));
	CHECK_EQ(nattch(used), -1);
	pid = fork();
	if (!pid) {
		ids[0] = new_segment(PAGE, 0600);
		ids[1] = new_segment(PAGE, 0600);
		drop(ids[1]);
		ids[1] = new_segment(PAGE, 0600);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(nattch(ids[0]), -1);
	CHECK_EQ(nattch(ids[1]), -1);
	id = new_segment(PAGE, 0600);
	write_file("/proc/sys/kernel/shm_rmid_forced", "0");
	CHECK_OK(shmdt(attach(id, NULL, 0)));
	CHECK_EQ(nattch(id), 0);
	drop(id);
}

TEST(limits_by_sysctl)
{
	char text[64], want[64];
	int id;

	snprintf(want, sizeof(want), "%llu\n", (kernel_is_64bit() ? -1ULL : -1UL) - (1UL << 24));
	CHECK(read_file("/proc/sys/kernel/shmmax", text, sizeof(text)) > 0);
	CHECK_STR(text, want);
	CHECK(read_file("/proc/sys/kernel/shmall", text, sizeof(text)) > 0);
	CHECK_STR(text, want);
	CHECK(read_file("/proc/sys/kernel/shmmni", text, sizeof(text)) > 0);
	CHECK_STR(text, "4096\n");
	write_file("/proc/sys/kernel/shmmax", "8192");
	CHECK_ERR(shmget(IPC_PRIVATE, 8193, 0600), EINVAL);
	id = new_segment(8192, 0600);
	write_file("/proc/sys/kernel/shmall", "2");
	CHECK_ERR(shmget(IPC_PRIVATE, 1, 0600), ENOSPC);
	write_file("/proc/sys/kernel/shmall", want);
	write_file("/proc/sys/kernel/shmmax", want);
	write_file("/proc/sys/kernel/shmmni", "0");
	CHECK_ERR(shmget(IPC_PRIVATE, 1, 0600), ENOSPC);
	write_file("/proc/sys/kernel/shmmni", "4096");
	drop(id);
}

TEST(proc_text)
{
	int id = shmget(KEY, PAGE + 5, IPC_CREAT | 0640), width = kernel_is_64bit() ? 21 : 10;
	char text[16384], line[256], *p, *a;
	struct shmid_ds ds;

	REQUIRE(id >= 0);
	a = attach(id, NULL, 0);
	a[0] = 1;
	CHECK_OK(shmctl(id, IPC_STAT, &ds));
	CHECK(read_file("/proc/sysvipc/shm", text, sizeof(text)) > 0);
	p = strchr(text, '\n');
	REQUIRE(p);
	*p++ = '\0';
	snprintf(line, sizeof(line), "       key      shmid perms %*s  cpid  lpid nattch   uid   gid  cuid  cgid"
		 "      atime      dtime      ctime %*s %*s", width, "size", width, "rss", width, "swap");
	CHECK_STR(text, line);
	snprintf(line, sizeof(line), "%10d %10d   640 %*lu %5d %5d  %5d %5d %5d %5d %5d %10ld %10ld %10ld %*lu %*lu\n",
		 KEY, id, width, PAGE + 5, getpid(), getpid(), 1, 0, 0, 0, 0, (long)ds.shm_atime, 0L,
		 (long)ds.shm_ctime, width, PAGE, width, 0UL);
	CHECK(strstr(p, line) != NULL);
	if (!strstr(p, line))
		note("%s\n# %s", line, p);
	CHECK_OK(shmdt(a));
	drop(id);
}

/* Attaching, detaching, forking and removing at once. */
TEST(race)
{
	int round, i, j;

	for (round = 0; round < 5; round++) {
		int id = new_segment(2 * PAGE, 0600);
		pid_t pid[4];

		for (i = 0; i < 4; i++) {
			pid[i] = fork();
			if (!pid[i]) {
				for (j = 0; j < 30; j++) {
					char *p = shmat(id, NULL, 0);

					if (p == FAILED) {
						CHECK(errno == EIDRM || errno == EINVAL);
						break;
					}
					p[j * 100] = 1;
					if (j % 10 == i && !fork())
						_exit(0);
					shmdt(p);
				}
				while (wait(NULL) > 0)
					;
				finish();
			}
		}
		sleep_ms(3 * round);
		CHECK_OK(shmctl(id, IPC_RMID, NULL));
		for (i = 0; i < 4; i++)
			expect_exit(pid[i], 0);
		CHECK_EQ(nattch(id), -1);
	}
}

TEST(fills_with_mlockall)
{
	int id = new_segment(4 * PAGE, 0600);
	unsigned char vec[4] = { 0 };
	char *p;

	CHECK_OK(mlockall(MCL_FUTURE));
	p = attach(id, NULL, 0);
	CHECK_OK(mincore(p, 4 * PAGE, vec));
	CHECK(vec[0] & vec[1] & vec[2] & vec[3] & 1);
	drop(id);
}

TEST(old_structures)
{
#ifdef __arm__
	struct {
		int		key;
		unsigned short	uid, gid, cuid, cgid, mode, seq;
		int		segsz;
		long		atime, dtime, ctime;
		unsigned short	cpid, lpid, nattch, unused;
		void		*unused2, *unused3;
	} old;
	int id = shmget(KEY, 5000, IPC_CREAT | 0640), limits[5];

	CHECK_OK(syscall(SYS_shmctl, id, IPC_STAT, &old));
	CHECK_EQ(old.key, KEY);
	CHECK_EQ(old.mode, 0640);
	CHECK_EQ(old.segsz, 5000);
	CHECK_EQ(old.cpid, getpid());
	old.mode = 0600;
	CHECK_OK(syscall(SYS_shmctl, id, IPC_SET, &old));
	CHECK_OK(syscall(SYS_shmctl, id, IPC_STAT, &old));
	CHECK_EQ(old.mode, 0600);
	CHECK(syscall(SYS_shmctl, 0, IPC_INFO, limits) >= 0);
	CHECK_EQ(limits[0], 0x7fffffff);
	CHECK_EQ(limits[2], 4096);
	CHECK_OK(syscall(SYS_shmctl, id, IPC_RMID, NULL));
#else
	skip("the 64-bit ABI has none");
#endif
}

TEST(huge_pages)
{
	CHECK_ERR(shmget(IPC_PRIVATE, 4096, 0600 | SHM_HUGETLB), ENOMEM);
	CHECK_ERR(shmget(IPC_PRIVATE, 4096, 0600 | SHM_HUGETLB | 20 << 26), EINVAL);
	become_user();
	CHECK_ERR(shmget(IPC_PRIVATE, 4096, 0600 | SHM_HUGETLB), EPERM);
}
