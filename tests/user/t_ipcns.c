// SPDX-License-Identifier: GPL-2.0-only
/* t_ipcns.c: IPC namespaces. */
#include "tap.h"

#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>

#define KEY 0x7e57a4

TEST(unshare_hides)
{
	int msg = msgget(KEY, IPC_CREAT | 0600), sem = semget(KEY, 1, IPC_CREAT | 0600);
	int shm = shmget(KEY, 100, IPC_CREAT | 0600);
	pid_t pid = fork();

	if (!pid) {
		char text[256];

		CHECK_OK(unshare(CLONE_NEWIPC));
		CHECK_ERR(msgget(KEY, 0), ENOENT);
		CHECK_ERR(semget(KEY, 0, 0), ENOENT);
		CHECK_ERR(shmget(KEY, 0, 0), ENOENT);
		CHECK_ERR(msgctl(msg, IPC_RMID, NULL), EINVAL);
		CHECK_EQ(msgget(KEY, IPC_CREAT | 0600), 0);
		CHECK(read_file("/proc/sysvipc/sem", text, sizeof(text)) > 0);
		CHECK(strchr(text, '\n') && !strchr(text, '\n')[1]);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(msgget(KEY, 0), msg);
	CHECK_OK(msgctl(msg, IPC_RMID, NULL));
	CHECK_OK(semctl(sem, 0, IPC_RMID));
	CHECK_OK(shmctl(shm, IPC_RMID, NULL));
}

TEST(clone_newipc)
{
	int msg = msgget(KEY, IPC_CREAT | 0600);
	pid_t pid = syscall(SYS_clone, CLONE_NEWIPC | SIGCHLD, 0, 0, 0, 0);

	if (!pid) {
		CHECK_ERR(msgget(KEY, 0), ENOENT);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(msgctl(msg, IPC_RMID, NULL));
	CHECK_ERR(syscall(SYS_clone, CLONE_NEWIPC | CLONE_SYSVSEM | SIGCHLD, 0, 0, 0, 0), EINVAL);
}

TEST(needs_privilege)
{
	pid_t pid = fork();

	if (!pid) {
		become_user();
		CHECK_ERR(unshare(CLONE_NEWIPC), EPERM);
		CHECK_ERR(syscall(SYS_clone, CLONE_NEWIPC | SIGCHLD, 0, 0, 0, 0), EPERM);
		CHECK_ERR(syscall(SYS_clone, CLONE_NEWIPC | CLONE_SYSVSEM | SIGCHLD, 0, 0, 0, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

static int free_kib(void)
{
	char text[4096], *p;

	read_file("/proc/meminfo", text, sizeof(text));
	p = strstr(text, "Shmem:");
	return p ? atoi(p + 6) : 0;
}

/* The last to leave takes all objects with it. */
TEST(objects_go_with_it)
{
	int before = free_kib(), i;
	pid_t pid;

	for (i = 0; i < 5; i++) {
		pid = fork();
		if (!pid) {
			int id;
			char *p;

			CHECK_OK(unshare(CLONE_NEWIPC));
			id = shmget(KEY, 1 << 20, IPC_CREAT | 0600);
			p = shmat(id, NULL, 0);
			memset(p, 1, 1 << 20);
			msgsnd(msgget(KEY, IPC_CREAT | 0600), &(long[2]){ 1 }, 8, 0);
			semget(KEY, 100, IPC_CREAT | 0600);
			finish();
		}
		expect_exit(pid, 0);
	}
	for (i = 0; i < 50 && free_kib() > before + 100; i++)
		sleep_ms(20);
	CHECK(free_kib() <= before + 100);
}

/* Adjustments are made at once, in the namespace that they are of. */
TEST(unshare_undoes)
{
	int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	pid_t pid = fork();

	if (!pid) {
		pid_t child;

		CHECK_OK(semop(id, &(struct sembuf){ 0, 5, SEM_UNDO }, 1));
		CHECK_OK(unshare(CLONE_NEWIPC));
		child = fork();
		if (!child)
			_exit(0);
		expect_exit(child, 0);
		CHECK_EQ(semget(KEY, 1, IPC_CREAT | 0600), 0);
		CHECK_OK(semop(0, &(struct sembuf){ 0, 5, SEM_UNDO }, 1));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(semctl(id, 0, GETVAL), 0);
	CHECK_OK(semctl(id, 0, IPC_RMID));
}

/* What is attached stays usable in another namespace. */
TEST(attached_from_before)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	char *p = shmat(id, NULL, 0);
	pid_t pid = fork();

	if (!pid) {
		CHECK_OK(unshare(CLONE_NEWIPC));
		strcpy(p, "here");
		CHECK_OK(shmdt(p));
		CHECK_ERR(shmctl(id, IPC_RMID, NULL), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_STR(p, "here");
	CHECK_OK(shmctl(id, IPC_RMID, NULL));
	CHECK_OK(shmdt(p));
	CHECK(shmat(id, NULL, 0) == (void *)-1 && errno == EINVAL);
}

TEST(limits_of_its_own)
{
	pid_t pid = fork();
	char text[64];

	if (!pid) {
		CHECK_OK(unshare(CLONE_NEWIPC));
		write_file("/proc/sys/kernel/msgmni", "1");
		CHECK_OK(msgget(IPC_PRIVATE, 0600));
		CHECK_ERR(msgget(IPC_PRIVATE, 0600), ENOSPC);
		finish();
	}
	expect_exit(pid, 0);
	CHECK(read_file("/proc/sys/kernel/msgmni", text, sizeof(text)) > 0);
	CHECK_STR(text, "32000\n");
}

/* Ids are of its own: the index goes round and the sequence number grows. */
TEST(ids_go_round)
{
	pid_t pid = fork();

	if (!pid) {
		int i, id;

		CHECK_OK(unshare(CLONE_NEWIPC));
		for (i = 0; i < 130; i++) {
			id = msgget(IPC_PRIVATE, 0600);
			CHECK_EQ(id, i % 64 + i / 64 * 32768);
			CHECK_OK(msgctl(id, IPC_RMID, NULL));
		}
		finish();
	}
	expect_exit(pid, 0);
}

/* A namespace goes on while a file stands for it, and can be joined. */
TEST(setns_joins)
{
	struct gate gate;
	int fd = -1, id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600), self = open("/proc/self/ns/ipc", O_RDONLY);
	char path[64], mine[64] = "", other[64] = "";
	pid_t pid;

	gate_init(&gate);
	pid = fork();
	if (!pid) {
		CHECK_OK(unshare(CLONE_NEWIPC));
		CHECK_EQ(msgget(KEY, IPC_CREAT | 0600), 0);
		prctl(PR_SET_NAME, "unshared");
		gate_wait(&gate);
		finish();
	}
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	while (!file_has(path, "unshared"))
		sleep_ms(1);
	snprintf(path, sizeof(path), "/proc/%d/ns/ipc", pid);
	fd = open(path, O_RDONLY);
	REQUIRE(fd >= 0 && self >= 0);
	CHECK(readlink(path, other, sizeof(other) - 1) > 0);
	CHECK(readlink("/proc/self/ns/ipc", mine, sizeof(mine) - 1) > 0);
	CHECK_STR(mine, "ipc:[4026531839]");
	CHECK(strncmp(other, "ipc:[", 5) == 0 && strcmp(mine, other) != 0);
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK_OK(semop(id, &(struct sembuf){ 0, 5, SEM_UNDO }, 1));
	CHECK_ERR(setns(fd, CLONE_NEWUTS), EINVAL);
	CHECK_ERR(msgget(KEY, 0), ENOENT);
	CHECK_OK(setns(fd, CLONE_NEWIPC));
	CHECK_EQ(msgget(KEY, 0), 0);
	CHECK_OK(setns(self, 0));
	CHECK_ERR(msgget(KEY, 0), ENOENT);
	CHECK_EQ(semctl(id, 0, GETVAL), 0);
	CHECK_OK(semctl(id, 0, IPC_RMID));
}
