// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_compat.c: 32-bit programs on a 64-bit kernel, as a 64-bit one sees them: exec there and back, signals,
 * descriptors, memory and registers across the two.  Their own view is what the other programs test when the whole
 * suite is built for arm; the other side here is compat/arm.c.
 */
#include "tap.h"

#include <elf.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define ARM	"/tests/compat-arm"

static char out[8192];

static void need_arm(void)
{
	if (sizeof(long) == 4)
		skip("the other programs are 32-bit themselves");
	if (access(ARM, X_OK))
		skip("no " ARM);
}

/* Start ARM with a command; what it prints can be read from the descriptor. */
static pid_t start(char *const args[], int *fd)
{
	int pipe_fd[2];
	pid_t pid;

	need_arm();
	REQUIRE(pipe(pipe_fd) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(pipe_fd[1], 1);
		close(pipe_fd[0]);
		close(pipe_fd[1]);
		execv(ARM, args);
		_exit(98);
	}
	close(pipe_fd[1]);
	*fd = pipe_fd[0];
	return pid;
}

/* One line, or what there is up to the end. */
static void read_line(int fd)
{
	size_t n = 0;

	while (n < sizeof(out) - 1 && read(fd, out + n, 1) == 1 && out[n] != '\n')
		n++;
	out[n] = '\0';
}

/* Run ARM to its end: the first line in out. */
static void run(int status, char *const args[])
{
	int fd;
	pid_t pid = start(args, &fd);

	read_line(fd);
	close(fd);
	expect_exit(pid, status);
}
#define RUN(status, ...) run(status, (char *const[]){ "arm", __VA_ARGS__, NULL })
#define START(fd, ...) start((char *const[]){ "arm", __VA_ARGS__, NULL }, fd)

TEST(hello)
{
	RUN(0, "hello", "world");
	CHECK_STR(out, "hello 4 world");
}

HELPER(back)
{
	printf("back %zu\n", sizeof(long));
	fflush(stdout);
	return 3;
}

TEST(exec_back)
{
	RUN(3, "exec", (char *)self_path, "@t_compat.back");
	CHECK_STR(out, "back 8");
	RUN(0, "exec", ARM, "hello", "again");		/* argv[0] is the command here */
	CHECK_STR(out, "hello 4 again");
}

TEST(structures)
{
	RUN(0, "sizes");
}

TEST(machine)
{
	RUN(0, "uname");
	CHECK_STR(out, "aarch64 0");
	CHECK_OK(personality(PER_LINUX32));
	RUN(0, "uname");
	CHECK_STR(out, "armv8l 0x8");
	RUN(0, "exec", "/bin/uname", "-m");
	CHECK_STR(out, "armv8l");
	CHECK(file_has("/proc/cpuinfo", "model name\t: ARMv8 Processor rev "));
	CHECK(file_has("/proc/cpuinfo",
		       "Features\t: half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt lpae"));
}

TEST(auxv)
{
	unsigned long hwcap = 0;

	RUN(0, "auxv");
	CHECK(sscanf(out, "v8l 4096 32 %lx", &hwcap) == 1);
	CHECK_EQ(hwcap & 0x168096, 0x168096);	/* half, thumb, fast multiply, edsp, tls, idiv, lpae */
}

TEST(address_space)
{
	char path[64], *line;
	int fd, lines = 0;
	pid_t pid = START(&fd, "sleep");
	unsigned long lo, hi;
	uint32_t word = 0;
	void *marker;
	struct iovec local = { &word, 4 }, remote;

	read_line(fd);
	CHECK(sscanf(out, "%p", &marker) == 1);
	remote = (struct iovec){ marker, 4 };
	CHECK_EQ(process_vm_readv(pid, &local, 1, &remote, 1, 0), 4);
	CHECK_EQ(word, 0x12345678);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	CHECK(read_file(path, out, sizeof(out)) > 0);
	CHECK(strstr(out, "ffff0000-ffff1000 r-xp 00000000 00:00 0"));
	CHECK(strstr(out, "[vectors]\n"));
	CHECK(strstr(out, "[sigpage]\n"));
	for (line = strtok(out, "\n"); line; line = strtok(NULL, "\n"), lines++) {
		CHECK(sscanf(line, "%lx-%lx", &lo, &hi) == 2);
		CHECK(hi <= 0xffff1000);
	}
	CHECK(lines > 5);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

/* The vector has words of the program's size. */
TEST(proc_auxv)
{
	char path[64];
	uint32_t words[128];
	int fd, aux;
	pid_t pid = START(&fd, "sleep");
	ssize_t n;
	bool page = false;

	read_line(fd);
	snprintf(path, sizeof(path), "/proc/%d/auxv", pid);
	aux = open(path, O_RDONLY);
	n = read(aux, words, sizeof(words));
	CHECK(n > 64 && n % 8 == 0);
	for (int i = 0; i < n / 4; i += 2)
		page |= words[i] == AT_PAGESZ && words[i + 1] == 4096;
	CHECK(page);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(queued_signal)
{
	union sigval value = { .sival_ptr = (void *)0xabcdef0112345678 };
	int fd;
	pid_t pid = START(&fd, "sigqueue");
	char want[64];

	read_line(fd);
	CHECK_STR(out, "ready");
	CHECK_OK(sigqueue(pid, SIGUSR1, value));
	read_line(fd);
	snprintf(want, sizeof(want), "%d %d 1 0x12345678", SIGUSR1, SI_QUEUE);
	CHECK_STR(out, want);
	expect_exit(pid, 0);
}

TEST(passed_descriptor)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } control = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control),
	};
	int sv[2], file = open("file", O_CREAT | O_RDWR, 0600), fd;
	char text[16];
	pid_t pid;

	need_arm();
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	REQUIRE(dup2(sv[1], 9) == 9);
	*(int *)CMSG_DATA(&control.head) = file;
	CHECK_EQ(sendmsg(sv[0], &msg, 0), 1);
	pid = START(&fd, "rights");
	expect_exit(pid, 0);
	CHECK(read_file("file", text, sizeof(text)) == 8);
	CHECK_STR(text, "from arm");
}

/* ---- tracing --------------------------------------------------------------------------------- */

static pid_t traced(void)
{
	int fd, ws;
	pid_t pid = START(&fd, "traced");

	CHECK(waitpid(pid, &ws, 0) == pid);
	REQUIRE(WIFSTOPPED(ws) && WSTOPSIG(ws) == SIGSTOP);
	return pid;
}

static long regset(int request, pid_t pid, int type, void *buf, size_t *size)
{
	struct iovec iov = { buf, *size };
	long ret = syscall(SYS_ptrace, request, pid, type, &iov);

	*size = iov.iov_len;
	return ret;
}

TEST(register_sets)
{
	uint32_t regs[64], saved[18], tls, vfp[128];
	size_t size = sizeof(regs);
	pid_t pid = traced();

	CHECK_OK(regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, regs, &size));
	CHECK_EQ(size, 72);
	CHECK_EQ(regs[16] & 0x1f, 0x10);		/* user mode */
	memcpy(saved, regs, sizeof(saved));
	regs[16] = 0x13;				/* supervisor mode */
	CHECK_ERR(regset(PTRACE_SETREGSET, pid, NT_PRSTATUS, regs, &size), EINVAL);
	regs[16] = saved[16] | 0x80;			/* interrupts off */
	CHECK_ERR(regset(PTRACE_SETREGSET, pid, NT_PRSTATUS, regs, &size), EINVAL);
	CHECK_OK(regset(PTRACE_SETREGSET, pid, NT_PRSTATUS, saved, &size));
	size = sizeof(vfp);
	CHECK_OK(regset(PTRACE_GETREGSET, pid, NT_ARM_VFP, vfp, &size));
	CHECK_EQ(size, 260);
	size = sizeof(vfp);
	CHECK_ERR(regset(PTRACE_GETREGSET, pid, NT_PRFPREG, vfp, &size), EINVAL);
	size = sizeof(tls);
	CHECK_OK(regset(PTRACE_GETREGSET, pid, NT_ARM_TLS, &tls, &size));
	CHECK_EQ(size, 4);
	CHECK(tls != 0);
	CHECK_OK(syscall(SYS_ptrace, PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

TEST(traced_call)
{
	struct ptrace_syscall_info info;
	pid_t pid = traced();
	int ws;

	CHECK_OK(syscall(SYS_ptrace, PTRACE_SETOPTIONS, pid, 0, 1 /* PTRACE_O_TRACESYSGOOD */));
	do {
		CHECK_OK(syscall(SYS_ptrace, PTRACE_SYSCALL, pid, 0, 0));
		REQUIRE(waitpid(pid, &ws, 0) == pid && WIFSTOPPED(ws));
		CHECK_EQ(WSTOPSIG(ws), SIGTRAP | 0x80);
		CHECK(syscall(SYS_ptrace, PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0);
	} while (!(info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == 20 && info.entry.args[0] == 1));
	CHECK_EQ(info.arch, AUDIT_ARCH_ARM);
	CHECK_EQ(info.entry.args[1], 2);
	CHECK_EQ(info.entry.args[2], 3);
	CHECK_OK(syscall(SYS_ptrace, PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

TEST(single_step)
{
	uint32_t regs[18], last = 0;
	size_t size = sizeof(regs);
	pid_t pid = traced();
	int ws;

	for (int i = 0; i < 20; i++) {
		CHECK_OK(syscall(SYS_ptrace, PTRACE_SINGLESTEP, pid, 0, 0));
		REQUIRE(waitpid(pid, &ws, 0) == pid && WIFSTOPPED(ws));
		CHECK_EQ(WSTOPSIG(ws), SIGTRAP);
		CHECK_OK(regset(PTRACE_GETREGSET, pid, NT_PRSTATUS, regs, &size));
		CHECK(regs[15] != last);
		last = regs[15];
	}
	CHECK_OK(syscall(SYS_ptrace, PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

/* ---- filters, formats ------------------------------------------------------------------------ */

TEST(filtered_call)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_ARM, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 64 /* arm's getppid */, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 42),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_SIZE(filter), filter };

	need_arm();
	CHECK_OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK_OK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
	RUN(42, "getppid");
	CHECK(getppid() > 0);
}

TEST(not_eabi)
{
	char *args[] = { "./old", NULL }, *env[] = { NULL };
	static char program[1 << 20];
	ssize_t n;
	int fd;

	need_arm();
	fd = open(ARM, O_RDONLY);
	n = read(fd, program, sizeof(program));
	close(fd);
	((Elf32_Ehdr *)program)->e_flags = 0;
	fd = open("old", O_CREAT | O_WRONLY, 0755);
	CHECK_EQ(write(fd, program, n), n);
	close(fd);
	CHECK_ERR(execve("./old", args, env), ENOEXEC);
	((Elf32_Ehdr *)program)->e_machine = EM_386;
	((Elf32_Ehdr *)program)->e_flags = 0x05000000;
	fd = open("old", O_WRONLY);
	CHECK_EQ(write(fd, program, n), n);
	close(fd);
	CHECK_ERR(execve("./old", args, env), ENOEXEC);
}
