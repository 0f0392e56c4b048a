// SPDX-License-Identifier: GPL-2.0-only
/* t_keys.c: add_key, request_key, keyctl: types, special keyrings, permissions, death, quotas, /proc. */
#include "tap.h"

#include <grp.h>
#include <linux/keyctl.h>
#include <pthread.h>
#include <sys/fsuid.h>

#define THREAD	KEY_SPEC_THREAD_KEYRING
#define PROCESS	KEY_SPEC_PROCESS_KEYRING
#define SESSION	KEY_SPEC_SESSION_KEYRING
#define USER	KEY_SPEC_USER_KEYRING
#define BAD	((void *)8)

static long add_key(const char *type, const char *desc, const void *data, size_t len, int ring)
{
	return syscall(SYS_add_key, type, desc, data, len, ring);
}

static long request_key(const char *type, const char *desc, const char *callout, int ring)
{
	return syscall(SYS_request_key, type, desc, callout, ring);
}

#define keyctl(...) syscall(SYS_keyctl, ##__VA_ARGS__)

static long ring_id(int special, int create)
{
	return keyctl(KEYCTL_GET_KEYRING_ID, special, create);
}

static bool described(long id, const char *want)
{
	char text[300] = "";

	if (keyctl(KEYCTL_DESCRIBE, id, text, sizeof(text)) < 0 || strcmp(text, want))
		note("key %ld is \"%s\", errno %d", id, text, errno);
	return !strcmp(text, want);
}

/* Until it is collected a key may still have its number, but nobody possesses it. */
static bool gone(long id)
{
	int i;

	for (i = 0; i < 500; i++) {
		if (keyctl(KEYCTL_DESCRIBE, id, NULL, 0) < 0 && errno == ENOKEY)
			return true;
		sleep_ms(10);
	}
	return false;
}

/* A session of its own: nothing of other tests is in the way. */
static void new_session(void)
{
	REQUIRE(keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) > 0);
}

TEST(special_keyrings)
{
	CHECK_ERR(ring_id(THREAD, 0), ENOKEY);
	CHECK_ERR(ring_id(PROCESS, 0), ENOKEY);
	CHECK(described(ring_id(THREAD, 1), "keyring;0;0;3f010000;_tid"));
	CHECK(described(ring_id(PROCESS, 1), "keyring;0;0;3f010000;_pid"));
	CHECK(described(USER, "keyring;0;65534;1f3f0000;_uid.0"));
	CHECK(described(KEY_SPEC_USER_SESSION_KEYRING, "keyring;0;65534;1f3f0000;_uid_ses.0"));
	CHECK_EQ(ring_id(SESSION, 0), ring_id(KEY_SPEC_USER_SESSION_KEYRING, 0));
	CHECK(described(ring_id(SESSION, 1), "keyring;0;0;3f030000;_ses"));
	CHECK(ring_id(SESSION, 0) != ring_id(KEY_SPEC_USER_SESSION_KEYRING, 0));
	CHECK_ERR(ring_id(KEY_SPEC_GROUP_KEYRING, 1), EINVAL);
	CHECK_ERR(ring_id(KEY_SPEC_REQKEY_AUTH_KEY, 1), ENOKEY);
	CHECK_ERR(ring_id(KEY_SPEC_REQUESTOR_KEYRING, 1), ENOKEY);
	CHECK_ERR(ring_id(0, 1), EINVAL);
	CHECK_ERR(ring_id(-9, 1), EINVAL);
	CHECK_ERR(ring_id(1, 1), ENOKEY);
	CHECK_EQ(ring_id(ring_id(THREAD, 0), 0), ring_id(THREAD, 0));
}

TEST(add_and_read)
{
	char buf[32] = "";
	long id = CHECK_OK(add_key("user", "a", "hello", 5, PROCESS));

	CHECK(described(id, "user;0;0;3f010000;a"));
	CHECK_EQ(keyctl(KEYCTL_READ, id, NULL, 0), 5);
	CHECK_EQ(keyctl(KEYCTL_READ, id, buf, 4), 5);	/* all or nothing */
	CHECK_STR(buf, "");
	CHECK_EQ(keyctl(KEYCTL_READ, id, buf, sizeof(buf)), 5);
	CHECK_STR(buf, "hello");
	CHECK_ERR(keyctl(KEYCTL_READ, id, BAD, 5), EFAULT);
	CHECK_ERR(keyctl(KEYCTL_READ, 0, NULL, 0), ENOKEY);
	CHECK_ERR(keyctl(KEYCTL_READ, 1, NULL, 0), ENOKEY);
	CHECK_EQ(add_key("user", "a", "bye", 3, PROCESS), id);		/* the same, updated */
	CHECK_EQ(keyctl(KEYCTL_READ, id, buf, sizeof(buf)), 3);
	CHECK_OK(keyctl(KEYCTL_UPDATE, id, "again", 5));
	CHECK_EQ(keyctl(KEYCTL_READ, id, buf, sizeof(buf)), 5);
	CHECK(!memcmp(buf, "again", 5));
	CHECK_ERR(keyctl(KEYCTL_UPDATE, id, NULL, 0), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_UPDATE, id, "x", 4097), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_UPDATE, id, BAD, 3), EFAULT);
	CHECK_ERR(keyctl(KEYCTL_UPDATE, PROCESS, "x", 1), EOPNOTSUPP);
	CHECK_ERR(keyctl(KEYCTL_UPDATE, 1, "x", 1), ENOKEY);
}

TEST(add_errors)
{
	static char big[1 << 20 | 1], desc[4097];
	long id = add_key("user", "key", "x", 1, PROCESS);

	memset(desc, 'd', 4096);
	CHECK_ERR(add_key("user", "b", NULL, 0, PROCESS), EINVAL);
	CHECK_ERR(add_key("user", "b", NULL, 5, PROCESS), EFAULT);
	CHECK_ERR(add_key("user", "b", BAD, 5, PROCESS), EFAULT);
	CHECK_ERR(add_key("user", "b", big, 32768, PROCESS), EINVAL);
	CHECK_OK(add_key("user", "b", big, 32767, PROCESS));
	CHECK_ERR(add_key("user", "b", big, 1 << 20, PROCESS), EINVAL);
	CHECK_ERR(add_key("user", NULL, "x", 1, PROCESS), EINVAL);
	CHECK_ERR(add_key("user", "", "x", 1, PROCESS), EINVAL);
	CHECK_ERR(add_key("user", BAD, "x", 1, PROCESS), EFAULT);
	CHECK_ERR(add_key("user", desc, "x", 1, PROCESS), EINVAL);
	desc[4095] = '\0';
	CHECK_OK(add_key("user", desc, "x", 1, PROCESS));
	CHECK_ERR(add_key("keyring", NULL, NULL, 0, PROCESS), EINVAL);
	CHECK_ERR(add_key("keyring", "r", "x", 1, PROCESS), EINVAL);
	CHECK_ERR(add_key("keyring", ".r", NULL, 0, PROCESS), EPERM);
	CHECK_ERR(add_key(".type", "b", "x", 1, PROCESS), EPERM);
	CHECK_ERR(add_key("nosuch", "b", "x", 1, PROCESS), ENODEV);
	CHECK_ERR(add_key("", "b", "x", 1, PROCESS), EINVAL);
	CHECK_ERR(add_key(BAD, "b", "x", 1, PROCESS), EFAULT);
	CHECK_ERR(add_key("0123456789012345678901234567890", "b", "x", 1, PROCESS), ENODEV);
	CHECK_ERR(add_key("01234567890123456789012345678901", "b", "x", 1, PROCESS), EINVAL);
	CHECK_ERR(add_key("logon", "nocolon", "x", 1, PROCESS), EINVAL);
	CHECK_ERR(add_key("user", "b", "x", 1, 0), EINVAL);
	CHECK_ERR(add_key("user", "b", "x", 1, -99), EINVAL);
	CHECK_ERR(add_key("user", "b", "x", 1, 1), ENOKEY);
	CHECK_ERR(add_key("user", "b", "x", 1, KEY_SPEC_GROUP_KEYRING), EINVAL);
	CHECK_ERR(add_key("user", "b", "x", 1, KEY_SPEC_REQKEY_AUTH_KEY), ENOKEY);
	CHECK_ERR(add_key("user", "b", "x", 1, id), ENOTDIR);
}

TEST(logon)
{
	long id = CHECK_OK(add_key("logon", "fs:key", "secret", 6, PROCESS));

	CHECK(described(id, "logon;0;0;3d010000;fs:key"));
	CHECK_ERR(keyctl(KEYCTL_READ, id, NULL, 0), EOPNOTSUPP);
	CHECK_OK(keyctl(KEYCTL_UPDATE, id, "other", 5));
	CHECK_ERR(syscall(SYS_request_key, "logon", "nocolon", NULL, 0), ENOKEY);
	CHECK_ERR(syscall(SYS_request_key, "logon", "nocolon", "make it", 0), EINVAL);
}

TEST(keyring_contents)
{
	int ids[4] = { 0 };
	long ring = CHECK_OK(add_key("keyring", "ring", NULL, 0, PROCESS));
	long a = CHECK_OK(add_key("user", "a", "1", 1, ring)), b = CHECK_OK(add_key("user", "b", "1", 1, ring));

	CHECK_EQ(keyctl(KEYCTL_READ, ring, NULL, 0), 8);
	CHECK_ERR(keyctl(KEYCTL_READ, ring, ids, 3), EINVAL);
	CHECK_EQ(keyctl(KEYCTL_READ, ring, ids, 4), 8);
	CHECK_EQ(ids[0], 0);
	CHECK_EQ(keyctl(KEYCTL_READ, ring, ids, sizeof(ids)), 8);
	CHECK((ids[0] == a && ids[1] == b) || (ids[0] == b && ids[1] == a));
	CHECK_OK(keyctl(KEYCTL_CLEAR, ring));
	CHECK_EQ(keyctl(KEYCTL_READ, ring, NULL, 0), 0);
	CHECK(gone(a));					/* nobody had it but the ring */
	CHECK_ERR(keyctl(KEYCTL_CLEAR, 0), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_CLEAR, add_key("user", "k", "x", 1, PROCESS)), ENOTDIR);
	CHECK(add_key("keyring", "ring", NULL, 0, PROCESS) != ring);	/* a new one in its place */
	CHECK(gone(ring));
}

TEST(link_and_unlink)
{
	long a = add_key("user", "a", "1", 1, PROCESS), x = add_key("keyring", "x", NULL, 0, PROCESS);
	long y = add_key("keyring", "y", NULL, 0, PROCESS), other;

	CHECK_OK(keyctl(KEYCTL_LINK, a, x));
	CHECK_OK(keyctl(KEYCTL_LINK, a, x));
	CHECK_EQ(keyctl(KEYCTL_READ, x, NULL, 0), 4);
	CHECK_ERR(keyctl(KEYCTL_LINK, a, a), ENOTDIR);
	CHECK_ERR(keyctl(KEYCTL_UNLINK, a, a), ENOTDIR);
	CHECK_ERR(keyctl(KEYCTL_UNLINK, a, y), ENOENT);
	CHECK_OK(keyctl(KEYCTL_UNLINK, a, PROCESS));
	CHECK_EQ(keyctl(KEYCTL_SEARCH, PROCESS, "user", "a", 0), a);	/* through x */
	other = CHECK_OK(add_key("user", "a", "2", 1, y));
	CHECK_OK(keyctl(KEYCTL_LINK, other, x));			/* takes the place of its namesake */
	CHECK_EQ(keyctl(KEYCTL_READ, x, NULL, 0), 4);
	CHECK(gone(a));
	CHECK_ERR(keyctl(KEYCTL_LINK, 1, x), ENOKEY);
	CHECK_ERR(keyctl(KEYCTL_LINK, other, 1), ENOKEY);
	CHECK_ERR(keyctl(KEYCTL_LINK, other, 0), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_UNLINK, 1, x), ENOKEY);
}

TEST(cycles)
{
	long ring[8];
	char name[8];
	int i;

	ring[0] = add_key("keyring", "r0", NULL, 0, PROCESS);
	for (i = 1; i < 6; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		ring[i] = CHECK_OK(add_key("keyring", name, NULL, 0, ring[i - 1]));
	}
	CHECK_ERR(keyctl(KEYCTL_LINK, ring[0], ring[0]), EDEADLK);
	CHECK_ERR(keyctl(KEYCTL_LINK, ring[0], ring[1]), EDEADLK);
	CHECK_ERR(keyctl(KEYCTL_LINK, ring[0], ring[3]), EDEADLK);
	CHECK_OK(keyctl(KEYCTL_LINK, ring[3], ring[0]));
}

TEST(move)
{
	long x = add_key("keyring", "x", NULL, 0, PROCESS), y = add_key("keyring", "y", NULL, 0, PROCESS);
	long a = add_key("user", "a", "1", 1, x), b = add_key("user", "a", "2", 1, y);

	CHECK_ERR(keyctl(KEYCTL_MOVE, a, x, y, KEYCTL_MOVE_EXCL), EEXIST);
	CHECK_ERR(keyctl(KEYCTL_MOVE, a, x, y, 2), EINVAL);
	CHECK_OK(keyctl(KEYCTL_MOVE, a, x, x, 0));
	CHECK_OK(keyctl(KEYCTL_MOVE, a, x, y, 0));
	CHECK(gone(b));
	CHECK_EQ(keyctl(KEYCTL_READ, x, NULL, 0), 0);
	CHECK_ERR(keyctl(KEYCTL_MOVE, a, x, y, 0), ENOENT);
	CHECK_OK(keyctl(KEYCTL_MOVE, a, y, x, KEYCTL_MOVE_EXCL));
	CHECK_ERR(keyctl(KEYCTL_MOVE, a, a, x, 0), ENOTDIR);
}

TEST(search)
{
	long ring = add_key("keyring", "ring", NULL, 0, PROCESS), a = add_key("user", "a", "1", 1, ring);

	CHECK_EQ(keyctl(KEYCTL_SEARCH, PROCESS, "user", "a", 0), a);
	CHECK_EQ(keyctl(KEYCTL_SEARCH, PROCESS, "keyring", "ring", 0), ring);
	CHECK_EQ(keyctl(KEYCTL_SEARCH, PROCESS, "user", "a", THREAD), a);
	CHECK_EQ(keyctl(KEYCTL_READ, THREAD, NULL, 0), 4);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, "user", "b", 0), ENOKEY);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, "nosuch", "a", 0), ENOKEY);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, ".type", "a", 0), EPERM);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, "", "a", 0), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, BAD, "a", 0), EFAULT);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, "user", BAD, 0), EFAULT);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, a, "user", "a", 0), ENOTDIR);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, 1, "user", "a", 0), ENOKEY);
	CHECK_OK(keyctl(KEYCTL_SETPERM, ring, 0x37010000));		/* not to be searched */
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, "user", "a", 0), ENOKEY);
}

TEST(request)
{
	long a = add_key("user", "a", "1", 1, PROCESS);

	CHECK_EQ(request_key("user", "a", NULL, 0), a);
	CHECK_EQ(request_key("user", "a", NULL, THREAD), a);
	CHECK_EQ(keyctl(KEYCTL_READ, THREAD, NULL, 0), 4);
	CHECK_ERR(request_key("user", "nix", NULL, 0), ENOKEY);
	CHECK_ERR(request_key("nosuch", "a", NULL, 0), ENOKEY);
	CHECK_ERR(request_key(".type", "a", NULL, 0), EPERM);
	CHECK_ERR(request_key(BAD, "a", NULL, 0), EFAULT);
	CHECK_ERR(request_key("user", BAD, NULL, 0), EFAULT);
	CHECK_ERR(request_key("user", "a", BAD, 0), EFAULT);
	CHECK_ERR(request_key("keyring", "nix", "callout", 0), EPERM);
	CHECK_ERR(request_key("user", "a", NULL, 1), ENOKEY);
	CHECK_ERR(request_key("user", "a", NULL, -99), EINVAL);
}

/* ---- permissions --------------------------------------------------------------------------------- */

TEST(setperm)
{
	long id = add_key("user", "a", "1", 1, PROCESS);

	CHECK_ERR(keyctl(KEYCTL_SETPERM, id, 0x40000000), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_SETPERM, 1, 0), ENOKEY);
	CHECK_OK(keyctl(KEYCTL_SETPERM, id, 0x3b000000));		/* no write */
	CHECK_ERR(keyctl(KEYCTL_UPDATE, id, "2", 1), EACCES);
	CHECK_OK(keyctl(KEYCTL_SETPERM, id, 0x3e000000));		/* no view */
	CHECK_ERR(keyctl(KEYCTL_DESCRIBE, id, NULL, 0), EACCES);
	CHECK_OK(keyctl(KEYCTL_SETPERM, id, 0x3d000000));		/* no read: but one possesses it */
	CHECK_EQ(keyctl(KEYCTL_READ, id, NULL, 0), 1);
	CHECK_OK(keyctl(KEYCTL_SETPERM, id, 0x1f000000));
	CHECK_ERR(keyctl(KEYCTL_SETPERM, id, 0x3f000000), EACCES);	/* gone for good */
	CHECK_ERR(keyctl(KEYCTL_SET_TIMEOUT, id, 10), EACCES);
	CHECK_ERR(keyctl(KEYCTL_CHOWN, id, 0, 5), EACCES);
}

TEST(chown)
{
	long id = add_key("user", "a", "1", 1, PROCESS);
	pid_t pid;

	CHECK_OK(keyctl(KEYCTL_CHOWN, id, -1, -1));
	CHECK_OK(keyctl(KEYCTL_CHOWN, id, 1000, 1001));
	CHECK(described(id, "user;1000;1001;3f010000;a"));
	CHECK_OK(keyctl(KEYCTL_CHOWN, id, -1, 0));
	CHECK(described(id, "user;1000;0;3f010000;a"));
	CHECK_OK(keyctl(KEYCTL_CHOWN, id, 0, -1));
	CHECK_ERR(keyctl(KEYCTL_CHOWN, 1, 0, 0), ENOKEY);
	pid = fork();
	if (pid == 0) {
		become_user();
		id = CHECK_OK(add_key("user", "mine", "1", 1, THREAD));
		CHECK_ERR(keyctl(KEYCTL_CHOWN, id, 0, -1), EACCES);
		CHECK_ERR(keyctl(KEYCTL_CHOWN, id, -1, 0), EACCES);
		CHECK_OK(keyctl(KEYCTL_CHOWN, id, 1000, 1000));
		finish();
	}
	expect_exit(pid, 0);
}

/* Another user's key: only what its permissions say; not even root is above them. */
TEST(others)
{
	long session, id;
	pid_t pid;

	new_session();
	session = ring_id(SESSION, 0);
	id = add_key("user", "roots", "1", 1, SESSION);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_OK(keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL));
		CHECK_ERR(keyctl(KEYCTL_READ, id, NULL, 0), EACCES);
		CHECK_ERR(keyctl(KEYCTL_DESCRIBE, id, NULL, 0), EACCES);
		CHECK_ERR(keyctl(KEYCTL_UPDATE, id, "x", 1), EACCES);
		CHECK_ERR(keyctl(KEYCTL_REVOKE, id), EACCES);
		CHECK_ERR(keyctl(KEYCTL_INVALIDATE, id), EACCES);
		CHECK_ERR(keyctl(KEYCTL_LINK, id, THREAD), EACCES);
		CHECK_ERR(keyctl(KEYCTL_CLEAR, session), EACCES);
		CHECK_ERR(keyctl(KEYCTL_SET_TIMEOUT, id, 5), EACCES);
		CHECK_ERR(keyctl(KEYCTL_GET_SECURITY, id, NULL, 0), ENOKEY);
		CHECK_ERR(add_key("user", "x", "1", 1, session), EACCES);
		CHECK_ERR(request_key("user", "roots", NULL, 0), ENOKEY);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(keyctl(KEYCTL_SETPERM, id, 0x3f010103));		/* view and read for all, view for the group */
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_OK(keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL));
		CHECK_EQ(keyctl(KEYCTL_READ, id, NULL, 0), 1);
		CHECK_OK(keyctl(KEYCTL_DESCRIBE, id, NULL, 0));
		finish();
	}
	expect_exit(pid, 0);
}

/* ---- death --------------------------------------------------------------------------------------- */

TEST(revoke)
{
	long id = add_key("user", "a", "1", 1, PROCESS), ring = add_key("keyring", "r", NULL, 0, PROCESS);

	CHECK_OK(keyctl(KEYCTL_REVOKE, id));
	CHECK_ERR(keyctl(KEYCTL_READ, id, NULL, 0), EKEYREVOKED);
	CHECK_ERR(keyctl(KEYCTL_DESCRIBE, id, NULL, 0), EKEYREVOKED);
	CHECK_ERR(keyctl(KEYCTL_REVOKE, id), EKEYREVOKED);
	CHECK_ERR(keyctl(KEYCTL_UPDATE, id, "1", 1), EKEYREVOKED);
	CHECK_ERR(keyctl(KEYCTL_INVALIDATE, id), EKEYREVOKED);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, PROCESS, "user", "a", 0), EKEYREVOKED);
	CHECK(add_key("user", "a", "1", 1, PROCESS) != id);		/* a new one */
	CHECK_OK(add_key("user", "in", "1", 1, ring));
	CHECK_OK(keyctl(KEYCTL_REVOKE, ring));
	CHECK_ERR(add_key("user", "in", "1", 1, ring), EKEYREVOKED);
	CHECK_ERR(keyctl(KEYCTL_CLEAR, ring), EKEYREVOKED);
	CHECK_OK(keyctl(KEYCTL_UNLINK, ring, PROCESS));
	CHECK_ERR(keyctl(KEYCTL_REVOKE, 1), ENOKEY);
}

TEST(request_revoked)
{
	long id = add_key("user", "a", "1", 1, THREAD);

	new_session();
	CHECK_OK(keyctl(KEYCTL_REVOKE, id));
	CHECK(request_key("user", "a", NULL, 0) < 0);
	id = CHECK_OK(add_key("user", "e", "1", 1, THREAD));
	CHECK_OK(keyctl(KEYCTL_SET_TIMEOUT, id, 1));
	sleep_ms(2100);
	CHECK_ERR(keyctl(KEYCTL_READ, id, NULL, 0), EKEYEXPIRED);
	CHECK_ERR(keyctl(KEYCTL_DESCRIBE, id, NULL, 0), EKEYEXPIRED);
	CHECK_ERR(keyctl(KEYCTL_SEARCH, THREAD, "user", "e", 0), EKEYEXPIRED);
	CHECK_ERR(keyctl(KEYCTL_SET_TIMEOUT, id, 10), EKEYEXPIRED);
	CHECK_ERR(keyctl(KEYCTL_UPDATE, id, "1", 1), EKEYEXPIRED);
}

TEST(timeout)
{
	long id = add_key("user", "a", "1", 1, PROCESS);

	CHECK_OK(keyctl(KEYCTL_SET_TIMEOUT, id, 1000));
	CHECK_EQ(keyctl(KEYCTL_READ, id, NULL, 0), 1);
	CHECK_OK(keyctl(KEYCTL_SET_TIMEOUT, id, 1));
	CHECK_OK(keyctl(KEYCTL_SET_TIMEOUT, id, 0));			/* for ever */
	sleep_ms(1100);
	CHECK_EQ(keyctl(KEYCTL_READ, id, NULL, 0), 1);
	CHECK_ERR(keyctl(KEYCTL_SET_TIMEOUT, 1, 1), ENOKEY);
}

TEST(invalidate)
{
	long id = add_key("user", "a", "1", 1, PROCESS);
	int i;

	CHECK_OK(keyctl(KEYCTL_INVALIDATE, id));
	CHECK(gone(id));
	for (i = 0; i < 500 && keyctl(KEYCTL_READ, PROCESS, NULL, 0) > 0; i++)
		sleep_ms(10);						/* collected soon */
	CHECK_EQ(keyctl(KEYCTL_READ, PROCESS, NULL, 0), 0);
}

/* ---- fork, threads, exec ------------------------------------------------------------------------- */

TEST(fork_inherits)
{
	long thread = ring_id(THREAD, 1), process = ring_id(PROCESS, 1), session;
	pid_t pid;

	new_session();
	session = ring_id(SESSION, 0);
	(void)thread;
	pid = fork();
	if (pid == 0) {
		CHECK_ERR(ring_id(THREAD, 0), ENOKEY);
		CHECK_ERR(ring_id(PROCESS, 0), ENOKEY);
		CHECK_EQ(ring_id(SESSION, 0), session);
		CHECK(ring_id(PROCESS, 1) != process);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(ring_id(PROCESS, 0), process);
}

static void *in_thread(void *arg)
{
	long *ids = arg;

	ids[0] = ring_id(THREAD, 0);
	ids[1] = ring_id(PROCESS, 0);
	ids[2] = ring_id(SESSION, 0);
	return NULL;
}

TEST(threads)
{
	long ids[3], thread = ring_id(THREAD, 1), process = ring_id(PROCESS, 1);
	pthread_t t;

	new_session();
	pthread_create(&t, NULL, in_thread, ids);
	pthread_join(t, NULL);
	CHECK(ids[0] > 0 && ids[0] != thread);
	CHECK_EQ(ids[1], process);
	CHECK_EQ(ids[2], ring_id(SESSION, 0));
}

HELPER(after_exec)
{
	CHECK_ERR(ring_id(THREAD, 0), ENOKEY);
	CHECK_ERR(ring_id(PROCESS, 0), ENOKEY);
	CHECK_EQ(ring_id(SESSION, 0), atol(argv[1]));
	finish();
}

TEST(exec_keeps_session)
{
	char text[20], *args[] = { "x", "@t_keys.after_exec", text, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		ring_id(THREAD, 1);
		ring_id(PROCESS, 1);
		new_session();
		snprintf(text, sizeof(text), "%ld", ring_id(SESSION, 0));
		execv(self_path, args);
		_exit(126);
	}
	expect_exit(pid, 0);
}

TEST(join_by_name)
{
	long mine = CHECK_OK(keyctl(KEYCTL_JOIN_SESSION_KEYRING, "t_keys.mine")), got = -1;
	pid_t pid;

	CHECK(described(SESSION, "keyring;0;0;3f130000;t_keys.mine"));
	CHECK_EQ(ring_id(SESSION, 0), mine);
	CHECK_OK(keyctl(KEYCTL_SETPERM, mine, 0x3f1b0000));		/* the user may find it */
	pid = fork();
	if (pid == 0) {
		new_session();
		got = keyctl(KEYCTL_JOIN_SESSION_KEYRING, "t_keys.mine");
		CHECK_EQ(got, mine);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_ERR(keyctl(KEYCTL_JOIN_SESSION_KEYRING, ".dot"), EPERM);
	CHECK_ERR(keyctl(KEYCTL_JOIN_SESSION_KEYRING, ""), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_JOIN_SESSION_KEYRING, BAD), EFAULT);
}

TEST(session_to_parent)
{
	long got = 0, *ids = shared_page();
	pid_t pid;

	new_session();
	pid = fork();
	if (pid == 0) {
		new_session();
		ids[0] = ring_id(SESSION, 0);
		CHECK_OK(keyctl(KEYCTL_SESSION_TO_PARENT));
		finish();
	}
	expect_exit(pid, 0);
	got = ring_id(SESSION, 0);
	CHECK_EQ(got, ids[0]);
}

TEST(thread_ring_follows_fsuid)
{
	long thread = ring_id(THREAD, 1);

	setfsuid(1000);
	CHECK(described(thread, "keyring;1000;0;3f010000;_tid"));
	setfsuid(0);
	CHECK(described(thread, "keyring;0;0;3f010000;_tid"));
}

/* ---- the rest ------------------------------------------------------------------------------------ */

TEST(default_ring)
{
	CHECK_EQ(keyctl(KEYCTL_SET_REQKEY_KEYRING, -1), 0);
	CHECK_EQ(keyctl(KEYCTL_SET_REQKEY_KEYRING, KEY_REQKEY_DEFL_SESSION_KEYRING), 0);
	CHECK_EQ(keyctl(KEYCTL_SET_REQKEY_KEYRING, KEY_REQKEY_DEFL_THREAD_KEYRING), 3);
	CHECK_OK(ring_id(THREAD, 0));
	CHECK_EQ(keyctl(KEYCTL_SET_REQKEY_KEYRING, -1), 1);
	CHECK_ERR(keyctl(KEYCTL_SET_REQKEY_KEYRING, KEY_REQKEY_DEFL_GROUP_KEYRING), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_SET_REQKEY_KEYRING, 8), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_SET_REQKEY_KEYRING, -2), EINVAL);
}

TEST(restrict_keyring)
{
	long ring = add_key("keyring", "r", NULL, 0, PROCESS), key = add_key("user", "a", "1", 1, PROCESS);

	CHECK_ERR(keyctl(KEYCTL_RESTRICT_KEYRING, key, NULL, NULL), ENOTDIR);
	CHECK_ERR(keyctl(KEYCTL_RESTRICT_KEYRING, ring, NULL, "x"), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_RESTRICT_KEYRING, ring, "user", NULL), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_RESTRICT_KEYRING, ring, "user", "x"), ENOENT);
	CHECK_OK(keyctl(KEYCTL_RESTRICT_KEYRING, ring, NULL, NULL));
	CHECK_ERR(keyctl(KEYCTL_RESTRICT_KEYRING, ring, NULL, NULL), EEXIST);
	CHECK_ERR(add_key("user", "x", "1", 1, ring), EPERM);
	CHECK_ERR(keyctl(KEYCTL_LINK, key, ring), EPERM);
}

TEST(describe_and_security)
{
	char buf[16] = "zzzzzz";
	long id = add_key("user", "a", "1", 1, PROCESS);

	CHECK_EQ(keyctl(KEYCTL_DESCRIBE, id, NULL, 0), 20);
	CHECK_EQ(keyctl(KEYCTL_DESCRIBE, id, buf, 5), 20);
	CHECK_EQ(buf[0], 'z');
	CHECK_ERR(keyctl(KEYCTL_DESCRIBE, id, BAD, 100), EFAULT);
	CHECK_ERR(keyctl(KEYCTL_DESCRIBE, 1, NULL, 0), ENOKEY);
	CHECK_EQ(keyctl(KEYCTL_GET_SECURITY, id, buf, 5), 1);
	CHECK_EQ(buf[0], '\0');
	CHECK_EQ(keyctl(KEYCTL_GET_SECURITY, id, NULL, 0), 1);
}

TEST(persistent)
{
	long ring = CHECK_OK(keyctl(KEYCTL_GET_PERSISTENT, -1, PROCESS));
	pid_t pid;

	CHECK(described(ring, "keyring;0;65534;1f030000;_persistent.0"));
	CHECK_EQ(keyctl(KEYCTL_GET_PERSISTENT, 0, PROCESS), ring);
	CHECK_EQ(keyctl(KEYCTL_READ, PROCESS, NULL, 0), 4);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(keyctl(KEYCTL_GET_PERSISTENT, 0, PROCESS), EPERM);
		CHECK_OK(keyctl(KEYCTL_GET_PERSISTENT, 1000, PROCESS));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(commands)
{
	unsigned char caps[4] = { 0, 0, 0xff, 0xff };
	long id = add_key("user", "a", "1", 1, PROCESS);

	CHECK_ERR(keyctl(99, 0, 0, 0, 0), EOPNOTSUPP);
	CHECK_ERR(keyctl(-1, 0, 0, 0, 0), EOPNOTSUPP);
	CHECK_EQ(keyctl(KEYCTL_CAPABILITIES, caps, sizeof(caps)), 2);
	CHECK(caps[0] & KEYCTL_CAPS0_MOVE);
	CHECK(caps[2] == 0 && caps[3] == 0);
	CHECK_EQ(keyctl(KEYCTL_CAPABILITIES, NULL, 0), 2);
	CHECK_ERR(keyctl(KEYCTL_INSTANTIATE, id, NULL, 0, 0), EPERM);
	CHECK_ERR(keyctl(KEYCTL_INSTANTIATE_IOV, id, NULL, 1, 0), EPERM);
	CHECK_ERR(keyctl(KEYCTL_INSTANTIATE_IOV, id, 8, 1, 0), EFAULT);
	CHECK_ERR(keyctl(KEYCTL_INSTANTIATE_IOV, id, 8, 1025, 0), EINVAL);
	CHECK_ERR(keyctl(KEYCTL_NEGATE, id, 10, 0), EPERM);
	CHECK_ERR(keyctl(KEYCTL_REJECT, id, 10, ENOKEY, 0), EPERM);
	CHECK_ERR(keyctl(KEYCTL_REJECT, id, 10, 0, 0), EINVAL);
	CHECK_OK(keyctl(KEYCTL_ASSUME_AUTHORITY, 0));
	CHECK_ERR(keyctl(KEYCTL_ASSUME_AUTHORITY, id), ENOKEY);
	CHECK_ERR(keyctl(KEYCTL_ASSUME_AUTHORITY, -1), EINVAL);
}

TEST(quota)
{
	static char big[20000];
	char name[12];
	pid_t pid = fork();
	int i, n = 0;

	if (pid == 0) {
		REQUIRE(setgroups(0, NULL) == 0 && setresgid(1234, 1234, 1234) == 0);
		REQUIRE(setresuid(1234, 1234, 1234) == 0);
		CHECK_ERR(add_key("user", "big", big, 20000, PROCESS), EDQUOT);
		CHECK_OK(add_key("user", "big", big, 19000, PROCESS));
		CHECK_ERR(add_key("user", "big2", big, 2000, PROCESS), EDQUOT);
		CHECK_OK(add_key("user", "big", big, 1, PROCESS));
		for (i = 0; i < 300; i++) {
			snprintf(name, sizeof(name), "k%d", i);
			if (add_key("user", name, "x", 1, PROCESS) < 0)
				break;
			n++;
		}
		CHECK_EQ(errno, EDQUOT);
		CHECK(n >= 190 && n < 200);
		CHECK(file_has("/proc/key-users", "\n 1234: "));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(in_proc)
{
	char want[80];
	long id = add_key("user", "t_keys.shown", "12345", 5, PROCESS);

	snprintf(want, sizeof(want), "%08lx I--Q---     1 perm 3f010000     0     0 user      t_keys.shown: 5\n", id);
	CHECK(file_has("/proc/keys", want));
	CHECK_OK(keyctl(KEYCTL_SET_TIMEOUT, id, 100));
	snprintf(want, sizeof(want), "%08lx I--Q---     1   1m 3f010000", id);
	CHECK(file_has("/proc/keys", want));
	CHECK_OK(keyctl(KEYCTL_REVOKE, id));
	snprintf(want, sizeof(want), "%08lx IR-Q---     1 ", id);
	CHECK(file_has("/proc/keys", want));
	CHECK(file_has("/proc/keys", " keyring   _uid.0: "));
	CHECK(file_has("/proc/key-users", "    0: "));
	CHECK(file_has("/proc/sys/kernel/keys/maxkeys", "200\n"));
	CHECK(file_has("/proc/sys/kernel/keys/maxbytes", "20000\n"));
}
