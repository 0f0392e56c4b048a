// SPDX-License-Identifier: GPL-2.0-only
/* t_proc_mem.c: another process's memory: /proc/<pid>/mem, process_vm_readv and process_vm_writev. */
#include "tap.h"

#include <sys/uio.h>

static char page[3 * 4096] __attribute__((aligned(4096))) = "private";

static int open_mem(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	return open(path, O_RDWR);
}

/* A child that waits until it is told to go, then runs check() and exits with its result. */
static pid_t waiting_child(struct gate *gate, int (*fn)(void))
{
	pid_t pid;

	gate_init(gate);
	pid = fork();
	if (!pid) {
		gate_wait(gate);
		_exit(fn());
	}
	return pid;
}

static int page_was_changed(void)
{
	return strcmp(page, "changed") ? 1 : 0;
}

static int nothing(void)
{
	return 0;
}

/* fork shares the page: what is written into the child must not show in the parent. */
TEST(mem_write_breaks_sharing)
{
	struct gate gate;
	pid_t pid = waiting_child(&gate, page_was_changed);
	int fd = CHECK_OK(open_mem(pid));
	char buf[8] = "";

	CHECK_EQ(pread(fd, buf, 8, (unsigned long)page), 8);
	CHECK_STR(buf, "private");
	CHECK_EQ(pwrite(fd, "changed", 8, (unsigned long)page), 8);
	CHECK_STR(page, "private");
	CHECK_EQ(pread(fd, buf, 8, (unsigned long)page), 8);
	CHECK_STR(buf, "changed");
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK_EQ(pread(fd, buf, 8, (unsigned long)page), 0);	/* the memory has gone */
	CHECK_STR(page, "private");
}

/* ... and the other way round: what the parent writes later is not the child's. */
TEST(mem_after_parent_wrote)
{
	struct gate gate;
	pid_t pid = waiting_child(&gate, nothing);
	int fd = CHECK_OK(open_mem(pid));
	char buf[8] = "";

	strcpy(page, "parent");
	CHECK_EQ(pread(fd, buf, 8, (unsigned long)page), 8);
	CHECK_STR(buf, "private");
	gate_open(&gate);
	expect_exit(pid, 0);
}

/* Read-only memory: writing by force makes a private copy. */
TEST(mem_write_read_only)
{
	char *ro = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct gate gate;
	char buf[8] = "";
	pid_t pid;
	int fd;

	strcpy(ro, "secret");
	mprotect(ro, 4096, PROT_READ);
	pid = waiting_child(&gate, nothing);
	fd = CHECK_OK(open_mem(pid));
	CHECK_EQ(pwrite(fd, "forced", 7, (unsigned long)ro), 7);
	CHECK_EQ(pread(fd, buf, 7, (unsigned long)ro), 7);
	CHECK_STR(buf, "forced");
	CHECK_STR(ro, "secret");
	CHECK_EQ(pread(fd, buf, 1, (unsigned long)none), 1);
	CHECK_ERR(pwrite(fd, "x", 1, (unsigned long)shared), EIO);
	munmap(none, 4096);
	CHECK_ERR(pread(fd, buf, 1, 8), EIO);
	gate_open(&gate);
	expect_exit(pid, 0);
}

TEST(mem_permission)
{
	struct gate gate;
	pid_t pid = waiting_child(&gate, nothing), other = fork();

	if (!other) {
		become_user();
		CHECK_ERR(open_mem(pid), EACCES);
		finish();
	}
	expect_exit(other, 0);
	gate_open(&gate);
	expect_exit(pid, 0);
}

TEST(vm_readv_writev)
{
	struct gate gate;
	pid_t pid = waiting_child(&gate, page_was_changed);
	char a[4] = "", b[8] = "";
	struct iovec local[2] = { { a, 3 }, { b, 5 } };
	struct iovec remote[2] = { { page, 4 }, { page + 4, 4 } };
	struct iovec text = { (char *)"changed", 8 }, whole = { page, 8 };

	CHECK_EQ(process_vm_readv(pid, local, 2, remote, 2, 0), 8);
	CHECK(!memcmp(a, "pri", 3) && !memcmp(b, "vate", 5));
	CHECK_EQ(process_vm_writev(pid, &text, 1, &whole, 1, 0), 8);
	CHECK_STR(page, "private");
	gate_open(&gate);
	expect_exit(pid, 0);
}

/* No force here: what the process may not write, others may not either. */
TEST(vm_refused)
{
	char *map = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static char buf[2 * 4096];
	struct iovec local = { buf, sizeof(buf) }, remote = { map, sizeof(buf) }, bad = { (void *)8, 8 };
	struct iovec huge = { map, (size_t)-1 };
	struct gate gate;
	pid_t pid, other;

	munmap(map + 4096, 4096);
	pid = waiting_child(&gate, nothing);
	CHECK_EQ(process_vm_readv(pid, &local, 1, &remote, 1, 0), 4096);	/* as far as it goes */
	CHECK_ERR(process_vm_readv(pid, &local, 1, &bad, 1, 0), EFAULT);
	CHECK_ERR(process_vm_readv(pid, &local, 1, &huge, 1, 0), EINVAL);
	CHECK_ERR(process_vm_readv(pid, &local, 1, &remote, 1, 1), EINVAL);
	CHECK_ERR(process_vm_readv(pid, &local, 1, &remote, 1025, 0), EINVAL);
	CHECK_ERR(process_vm_readv(0x3ffffff, &local, 1, &remote, 1, 0), ESRCH);
	CHECK_EQ(process_vm_readv(pid, &local, 0, &remote, 1, 0), 0);
	remote.iov_len = 0;			/* nothing to do: nobody looks for the process */
	CHECK_EQ(process_vm_readv(0x3ffffff, &local, 1, &remote, 1, 0), 0);
	mprotect(map, 4096, PROT_READ);
	other = waiting_child(&gate, nothing);
	local.iov_len = remote.iov_len = 8;
	CHECK_ERR(process_vm_writev(other, &local, 1, &remote, 1, 0), EFAULT);
	gate_open(&gate);
	expect_exit(other, 0);
	other = fork();
	if (!other) {
		become_user();
		CHECK_ERR(process_vm_readv(pid, &local, 1, &remote, 1, 0), EPERM);
		finish();
	}
	expect_exit(other, 0);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}
