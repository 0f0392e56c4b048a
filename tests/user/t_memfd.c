// SPDX-License-Identifier: GPL-2.0-only
/* t_memfd.c: memfd_create and its seals. */
#include "tap.h"

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

TEST(basic)
{
	int fd = memfd_create("name", MFD_CLOEXEC);
	char link[64] = "", *p;
	struct stat st;

	REQUIRE(fd >= 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_OK(fstat(fd, &st));
	CHECK(S_ISREG(st.st_mode) && st.st_size == 0 && (st.st_mode & 0777) == 0777);
	CHECK_EQ(write(fd, "hello", 5), 5);
	CHECK_OK(ftruncate(fd, 2 * PAGE));
	p = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
	CHECK(memcmp(p, "hello", 6) == 0);
	p[PAGE] = 'z';
	CHECK_EQ(lseek(fd, PAGE, SEEK_SET), PAGE);
	CHECK_EQ(read(fd, link, 1), 1);
	CHECK_EQ(link[0], 'z');
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	{
		char target[64] = "";

		CHECK(readlink(link, target, sizeof(target) - 1) > 0);
		CHECK_STR(target, "/memfd:name (deleted)");
	}
}

TEST(refusals)
{
	char name[300];

	memset(name, 'n', sizeof(name));
	name[250] = '\0';
	CHECK_ERR(memfd_create(name, 0), EINVAL);
	name[249] = '\0';
	CHECK_OK(memfd_create(name, 0));
	CHECK_ERR(memfd_create("x", 0x8000), EINVAL);
	CHECK_ERR(memfd_create((char *)8, 0), EFAULT);
}

TEST(seals)
{
	int fd = memfd_create("s", MFD_ALLOW_SEALING), plain = memfd_create("p", 0);
	char *p;

	ftruncate(fd, 2 * PAGE);
	CHECK_EQ(fcntl(fd, F_GET_SEALS), 0);
	CHECK_EQ(fcntl(plain, F_GET_SEALS), F_SEAL_SEAL);
	CHECK_ERR(fcntl(plain, F_ADD_SEALS, F_SEAL_GROW), EPERM);
	CHECK_OK(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	CHECK_ERR(ftruncate(fd, 3 * PAGE), EPERM);
	CHECK_OK(ftruncate(fd, PAGE));
	CHECK_OK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	CHECK_ERR(ftruncate(fd, 0), EPERM);
	CHECK_EQ(pwrite(fd, "w", 1, 0), 1);
	p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	CHECK_ERR(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
	munmap(p, PAGE);
	CHECK_OK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	CHECK_ERR(pwrite(fd, "w", 1, 0), EPERM);
	CHECK_ERR(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), EPERM);
	CHECK(mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0) != MAP_FAILED);
	CHECK_OK(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
	CHECK_ERR(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), EPERM);
	CHECK_EQ(fcntl(fd, F_GET_SEALS), F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_WRITE | F_SEAL_SEAL);
	CHECK_ERR(fcntl(open("/dev/null", O_RDONLY), F_GET_SEALS), EINVAL);
}

static int memfd_of_this_program(void)
{
	int fd = memfd_create("prog", 0), in = open(self_path, O_RDONLY);
	static char buf[65536];
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		CHECK_EQ(write(fd, buf, n), n);
	close(in);
	return fd;
}

/* The status of a child that executes @fd: its errno if it cannot. */
static int execute(int fd)
{
	char *args[] = { "x", "@t_memfd.answer", NULL };
	extern char **environ;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH);
		_exit(errno);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The descriptor that made the file writes it, and yet does not keep it from being executed; another writer does. */
TEST(exec)
{
	int fd = memfd_of_this_program(), writer;
	char path[64];

	CHECK_EQ(execute(fd), 44);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	writer = open(path, O_RDWR);
	REQUIRE(writer >= 0);
	CHECK_EQ(execute(fd), ETXTBSY);
	close(writer);
	CHECK_EQ(execute(fd), 44);
}

HELPER(answer)
{
	return 44;
}

TEST(sizes_of_huge_pages)
{
	CHECK_ERR(memfd_create("x", MFD_HUGETLB | 20 << MAP_HUGE_SHIFT), ENODEV);
	CHECK_ERR(memfd_create("x", 21 << MAP_HUGE_SHIFT), EINVAL);
	CHECK_ERR(memfd_create("x", MFD_HUGETLB | 16), EINVAL);
}
