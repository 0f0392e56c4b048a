// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_binfmt.c: binfmt_misc: what can be registered, what an entry says and takes, and how it runs a program.
 *
 * Debian's Linux has it as a module; where that is put into the initramfs as /binfmt_misc.ko it is loaded here.
 */
#include "tap.h"

#include <grp.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/vfs.h>

#define DIR	"/proc/sys/fs/binfmt_misc"
#define REG	DIR "/register"
#define STATUS	DIR "/status"
#ifndef AT_EXECFD
#define AT_EXECFD 2
#endif

extern char **environ;

static void load_module(void)
{
	int fd = open("/binfmt_misc.ko", O_RDONLY);

	if (fd >= 0)
		syscall(SYS_finit_module, fd, "", 0);
	close(fd);
}

static void remove_all(void)
{
	try_write(STATUS, "-1");
	try_write(STATUS, "1");
}

/* The file system in a mount namespace of our own, without entries. */
static void setup(void)
{
	own_mounts();
	load_module();
	if (mount("none", DIR, "binfmt_misc", 0, NULL) && (errno == ENODEV || errno == ENOENT))
		skip("no binfmt_misc");
	REQUIRE(access(REG, F_OK) == 0);
	remove_all();
}

static int reg(const char *line)
{
	return try_write(REG, line);
}

static void make_program(const char *name, const char *text, size_t len)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	REQUIRE(write(fd, text, len) == (ssize_t)len);
	close(fd);
	chmod(name, 0755);
}

/* What the file says, or why not. */
static char *text_of(const char *name)
{
	static char buf[4096];
	char path[200];

	snprintf(path, sizeof(path), DIR "/%s", name);
	if (read_file(path, buf, sizeof(buf)) < 0)
		return strerror(errno);
	return buf;
}

TEST(the_file_system)
{
	struct statfs fs;
	struct stat st;

	setup();
	CHECK_OK(statfs(DIR, &fs));
	CHECK_EQ(fs.f_type, 0x42494e4d);
	CHECK_OK(stat(DIR, &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 0755);
	CHECK_EQ(st.st_nlink, 2);
	CHECK_OK(stat(REG, &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0200);
	CHECK_OK(stat(STATUS, &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0644);
	CHECK(file_has("/proc/filesystems", "nodev\tbinfmt_misc"));
	CHECK_STR(text_of("status"), "enabled\n");
	CHECK_ERR(open(DIR "/new", O_CREAT | O_RDWR, 0600), EACCES);
	CHECK_ERR(unlink(STATUS), EPERM);
	CHECK_ERR(mkdir(DIR "/dir", 0700), EPERM);
	CHECK_ERR(read(open(REG, O_WRONLY), &st, 1), EBADF);
}

TEST(one_for_all)
{
	struct stat a, b;

	setup();
	mkdir("m", 0700);
	CHECK_EQ(reg(":t_one:E::t1::/bin/x:"), 0);
	REQUIRE(mount("none", "m", "binfmt_misc", 0, NULL) == 0);
	stat("m/t_one", &a);
	stat(DIR "/t_one", &b);
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_EQ(a.st_dev, b.st_dev);
	CHECK_OK(umount("m"));
	CHECK(access(DIR "/t_one", F_OK) == 0);
	CHECK_EQ(try_write(STATUS, "0"), 0);
	CHECK_OK(umount(DIR));		/* entries go with the last mount, the switch stays as it is */
	REQUIRE(mount("none", DIR, "binfmt_misc", 0, NULL) == 0);
	CHECK_STR(text_of("status"), "disabled\n");
	CHECK(access(DIR "/t_one", F_OK) != 0);
	CHECK_EQ(reg(":t_one:E::t1::/bin/x:"), 0);
	remove_all();
	CHECK(access(DIR "/t_one", F_OK) != 0);
}

TEST(not_in_a_user_namespace)
{
	pid_t pid;

	setup();
	mkdir("m", 0777);
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
			_exit(0);
		CHECK_ERR(mount("none", "m", "binfmt_misc", 0, NULL), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

static const struct refusal {
	const char	*line;
	int		err;
} refusals[] = {
	{ ":a:E::x:::", EINVAL },		/* ten characters are too few */
	{ "::E::ext::/bin/x:", EINVAL },	/* no name */
	{ ":.:E::ext::/bin/x:", EINVAL },
	{ ":..:E::ext::/bin/x:", EINVAL },
	{ ":a/b:E::ext::/bin/x:", EINVAL },
	{ ":t_r:X::ext::/bin/x:", EINVAL },	/* type */
	{ ":t_r:EE::ext::/bin/x:", EINVAL },
	{ ":t_r:e::ext::/bin/x:", EINVAL },
	{ ":t_r:E::::/bin/xxx:", EINVAL },	/* no extension */
	{ ":t_r:E::e/x::/bin/x:", EINVAL },
	{ ":t_r:E::ext:::", EINVAL },		/* no interpreter */
	{ ":t_r:E::ext::/bin/x:Q", EINVAL },	/* flags */
	{ ":t_r:E::ext::/bin/x:PQ", EINVAL },
	{ ":t_r:E::ext::/bin/x:P:", EINVAL },
	{ ":t_r:E::ext::/bin/x:\n\n", EINVAL },
	{ ":t_r:E::ext::/bin/x: ", EINVAL },
	{ ":t_r:M::::/bin/xxx:", EINVAL },	/* no magic */
	{ ":t_r:M:-1:abc::/bin/x:", EINVAL },
	{ ":t_r:M:1x:abc::/bin/x:", EINVAL },
	{ ":t_r:M:254:abc::/bin/x:", EINVAL },	/* beyond what is looked at */
	{ ":t_r:M:256:a::/bin/x:", EINVAL },
	{ ":t_r:M::abc:ab:/bin/x:", EINVAL },	/* the mask is shorter */
	{ ":t_r:M::abc:\\xff\\xff:/bin/x:", EINVAL },
	{ ":t_r:M::\\xg1::/bin/x:", EINVAL },
	{ ":t_r:M::\\x1::/bin/x:", EINVAL },
	{ ":t_r:M::a:\\x:/bin/x:", EINVAL },
	{ ":t_r:E::ext::/none/such:F", ENOENT },
	{ ":t_r:E::ext::/dev/null:F", EACCES },
	{ ":status:E::ext::/bin/x:", EEXIST },
	{ ":register:E::ext::/bin/x:", EEXIST },
};

TEST(refusals)
{
	char big[2000];
	size_t i;
	int fd;

	setup();
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		int err = reg(refusals[i].line);

		if (err != refusals[i].err)
			note("%s: %d", refusals[i].line, err);
		CHECK_EQ(err, refusals[i].err);
	}
	fd = open(REG, O_WRONLY);
	CHECK_ERR(write(fd, "", 0), EINVAL);
	CHECK_ERR(write(fd, (char *)8, 100), EFAULT);
	CHECK_ERR(write(fd, ":t_r:E::e\0t::/bin/x:", 20), EINVAL);
	memset(big, 'i', sizeof(big));
	memcpy(big, ":t_r:E::ext::", 13);
	big[1920] = ':';
	CHECK_ERR(write(fd, big, 1921), EINVAL);
	big[1919] = ':';
	CHECK_EQ(write(fd, big, 1920), 1920);
	CHECK_ERR(write(fd, big, 1920), EEXIST);
	close(fd);
	CHECK(access(DIR "/t_r", F_OK) == 0);
	remove_all();
}

TEST(only_for_root)
{
	setup();
	chmod(DIR, 0755);
	become_user();
	CHECK_EQ(reg(":t_u:E::ext::/bin/x:"), EACCES);
	CHECK_EQ(try_write(STATUS, "0"), EACCES);
	CHECK_STR(text_of("status"), "enabled\n");
}

static void check_text(const char *line, const char *want)
{
	CHECK_EQ(reg(line), 0);
	CHECK_STR(text_of("t_e"), want);
	CHECK_EQ(try_write(DIR "/t_e", "-1"), 0);
}

TEST(what_an_entry_says)
{
	struct stat st;

	setup();
	check_text(":t_e:E::ext::/bin/x:", "enabled\ninterpreter /bin/x\nflags: \nextension .ext\n");
	check_text(":t_e:E::ext::/bin/x:P\n", "enabled\ninterpreter /bin/x\nflags: P\nextension .ext\n");
	check_text(":t_e:E:off:e:mask:x:O", "enabled\ninterpreter x\nflags: O\nextension .e\n");
	check_text(",t_e,E,,e,,/x:y,CP", "enabled\ninterpreter /x:y\nflags: POC\nextension .e\n");
	check_text(":t_e:M::abc::/bin/x:OO",
		   "enabled\ninterpreter /bin/x\nflags: O\noffset 0\nmagic 616263\n");
	check_text(":t_e:M:253:abc:\\xff\\x00\\xFf:/bin/x:",
		   "enabled\ninterpreter /bin/x\nflags: \noffset 253\nmagic 616263\nmask ff00ff\n");
	check_text(":t_e:M:4:\\x7fELF\\x3a\\\\n\\y::/bin/x:",
		   "enabled\ninterpreter /bin/x\nflags: \noffset 4\nmagic 7f454c463a5c5c6e5c79\n");
	CHECK_EQ(reg(":t_e:E::ext::/bin/x:"), 0);
	CHECK_OK(stat(DIR "/t_e", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0644);
	CHECK_EQ(st.st_size, 0);
	remove_all();
}

TEST(commands)
{
	int fd, dir;

	setup();
	CHECK_EQ(reg(":t_a:E::ext::/bin/x:"), 0);
	CHECK_EQ(reg(":t_a:M::ext::/bin/y:"), EEXIST);
	CHECK_EQ(reg(":t_b:E::ext::/bin/x:"), 0);
	fd = open(DIR "/t_a", O_RDWR);
	CHECK_EQ(write(fd, "0", 1), 1);
	CHECK_STR(text_of("t_a"), "disabled\ninterpreter /bin/x\nflags: \nextension .ext\n");
	CHECK_STR(text_of("t_b"), "enabled\ninterpreter /bin/x\nflags: \nextension .ext\n");
	CHECK_EQ(write(fd, "1\n", 2), 2);
	CHECK_STR(text_of("t_a"), "enabled\ninterpreter /bin/x\nflags: \nextension .ext\n");
	CHECK_EQ(write(fd, "", 0), 0);
	CHECK_ERR(write(fd, "2", 1), EINVAL);
	CHECK_ERR(write(fd, "11", 2), EINVAL);
	CHECK_ERR(write(fd, "\n", 1), EINVAL);
	CHECK_ERR(write(fd, "-1\n\n", 4), EINVAL);
	CHECK_ERR(write(fd, (char *)8, 1), EFAULT);
	CHECK_EQ(write(fd, "-1\n", 3), 3);
	CHECK(access(DIR "/t_a", F_OK) != 0);
	CHECK_EQ(write(fd, "-1", 2), 2);		/* once more is no mistake */
	CHECK_EQ(reg(":t_a:E::new::/bin/x:"), 0);
	CHECK_EQ(write(fd, "-1", 2), 2);		/* and means the old one */
	CHECK(access(DIR "/t_a", F_OK) == 0);
	close(fd);
	CHECK_EQ(try_write(STATUS, "0"), 0);
	CHECK_STR(text_of("status"), "disabled\n");
	CHECK_STR(text_of("t_a"), "enabled\ninterpreter /bin/x\nflags: \nextension .new\n");
	CHECK_EQ(try_write(STATUS, "x"), EINVAL);
	CHECK_EQ(try_write(STATUS, "1"), 0);
	CHECK_STR(text_of("status"), "enabled\n");
	dir = open(DIR, O_RDONLY | O_DIRECTORY);
	CHECK_EQ(try_write(STATUS, "-1"), 0);
	CHECK_ERR(faccessat(dir, "t_a", F_OK, 0), ENOENT);
	CHECK_ERR(faccessat(dir, "t_b", F_OK, 0), ENOENT);
}

/* ---- running ------------------------------------------------------------------------------- */

/*
 * The interpreter: writes what it got to the file "got" in the current directory. It is this binary, which takes
 * argv[1] as what to do: so the programs it runs are named "@t_binfmt.interp".
 */
HELPER(interp)
{
	FILE *f = fopen("got", "w");
	unsigned long execfd = 0;
	bool has_fd;
	int i;

	errno = 0;
	execfd = getauxval(AT_EXECFD);
	has_fd = errno != ENOENT;
	for (i = 0; i < argc; i++)
		fprintf(f, "%s|", argv[i]);
	fprintf(f, " flags=%lu execfn=%s", getauxval(AT_FLAGS), (char *)getauxval(AT_EXECFN));
	if (has_fd) {
		char head[9] = "";
		struct stat a, b;

		CHECK_EQ(fcntl(execfd, F_GETFD), 0);
		CHECK_EQ(pread(execfd, head, 8, 0), 8);
		CHECK(fstat(execfd, &a) == 0 && stat("@t_binfmt.interp", &b) == 0 && a.st_ino == b.st_ino);
		fprintf(f, " fd=%s", head);
	}
	fprintf(f, " euid=%d secure=%lu dumpable=%d\n", geteuid(), getauxval(AT_SECURE), prctl(PR_GET_DUMPABLE));
	fclose(f);
	finish();
}

#define PROGRAM_NAME	"@t_binfmt.interp"
static const char program_text[] = "\x01\x02magic\x7f";

/* Register name with magic, flags, and this binary as interpreter. */
static void reg_self(const char *flags)
{
	char line[400];

	snprintf(line, sizeof(line), ":t_run:M:2:mbgic:\\xff\\xf0\\xff\\xff\\xff:%s:%s", self_path, flags);
	CHECK_EQ(reg(line), 0);
	make_program(PROGRAM_NAME, program_text, 8);
}

/* What the interpreter got when the program was executed with argv a0 one two; 126: exec failed. */
static const char *run_program_named(const char *name, int status)
{
	char *args[] = { "a0", "one", "two", NULL };
	static char buf[1000];
	pid_t pid;

	unlink("got");
	pid = fork();
	if (pid == 0) {
		execve(name, args, environ);
		_exit(100 + errno);
	}
	expect_exit(pid, status);
	if (read_file("got", buf, sizeof(buf)) < 0)
		strcpy(buf, "nothing");
	return buf;
}

/* argv[0], the interpreter's own name, is not among a helper's arguments. */
#define GOT	PROGRAM_NAME "|"

TEST(argv)
{
	setup();
	reg_self("");
	CHECK_STR(run_program_named(PROGRAM_NAME, 0),
		  GOT "one|two| flags=0 execfn=" PROGRAM_NAME " euid=0 secure=0 dumpable=1\n");
	CHECK_EQ(try_write(DIR "/t_run", "0"), 0);
	run_program_named(PROGRAM_NAME, 100 + ENOEXEC);
	CHECK_EQ(try_write(DIR "/t_run", "1"), 0);
	run_program_named(PROGRAM_NAME, 0);
	CHECK_EQ(try_write(STATUS, "0"), 0);
	run_program_named(PROGRAM_NAME, 100 + ENOEXEC);
	CHECK_EQ(try_write(STATUS, "1"), 0);
	run_program_named(PROGRAM_NAME, 0);
	make_program(PROGRAM_NAME, "\x01\x02mAgic", 7);	/* the mask lets only 0x60 through */
	run_program_named(PROGRAM_NAME, 100 + ENOEXEC);
	remove_all();
	make_program(PROGRAM_NAME, program_text, 8);
	run_program_named(PROGRAM_NAME, 100 + ENOEXEC);
}

TEST(flag_p_keeps_argv0)
{
	setup();
	reg_self("P");
	CHECK_STR(run_program_named(PROGRAM_NAME, 0),
		  GOT "a0|one|two| flags=1 execfn=" PROGRAM_NAME " euid=0 secure=0 dumpable=1\n");
	remove_all();
}

TEST(flag_o_passes_the_file)
{
	setup();
	reg_self("O");
	CHECK_STR(run_program_named(PROGRAM_NAME, 0),
		  GOT "one|two| flags=0 execfn=" PROGRAM_NAME " fd=\x01\x02magic\x7f euid=0 secure=0 dumpable=1\n");
	CHECK_EQ(try_write(PROGRAM_NAME, "free again"), 0);	/* while nobody runs it */
	remove_all();
}

static void exec_as_user(void)
{
	char *args[] = { "a0", NULL };

	become_user();
	execve(PROGRAM_NAME, args, environ);
	_exit(100 + errno);
}

static const char *run_as_user(void)
{
	static char buf[1000];
	pid_t pid;

	chmod(".", 0777);
	unlink("got");
	pid = fork();
	if (pid == 0)
		exec_as_user();
	expect_exit(pid, 0);
	if (read_file("got", buf, sizeof(buf)) < 0)
		strcpy(buf, "nothing");
	return buf;
}

TEST(flag_c_takes_its_credentials)
{
	setup();
	reg_self("");
	chmod(PROGRAM_NAME, 04755);
	CHECK_STR(run_as_user(), GOT " flags=0 execfn=" PROGRAM_NAME " euid=1000 secure=0 dumpable=1\n");
	remove_all();
	reg_self("C");
	chmod(PROGRAM_NAME, 04755);
	CHECK_STR(run_as_user(),
		  GOT " flags=0 execfn=" PROGRAM_NAME " fd=\x01\x02magic\x7f euid=0 secure=1 dumpable=0\n");
	remove_all();
}

TEST(an_unreadable_program_is_not_dumpable)
{
	setup();
	reg_self("O");
	chmod(PROGRAM_NAME, 0711);
	CHECK_STR(run_as_user(),
		  GOT " flags=0 execfn=" PROGRAM_NAME " fd=\x01\x02magic\x7f euid=1000 secure=0 dumpable=0\n");
	remove_all();
}

/* A copy of this binary under another name, which the entry opened before it was removed. */
TEST(flag_f_opens_at_once)
{
	char line[400], cmd[400];

	setup();
	snprintf(cmd, sizeof(cmd), "/bin/cp %s interp", self_path);
	REQUIRE(system(cmd) == 0);
	REQUIRE(chmod("interp", 0755) == 0);
	snprintf(line, sizeof(line), ":t_run:E::interp::%s/interp:F", get_current_dir_name());
	CHECK_EQ(reg(line), 0);
	make_program(PROGRAM_NAME, "x", 1);
	CHECK_EQ(open("interp", O_WRONLY), -1);		/* it is an executed file from now on */
	CHECK_EQ(errno, ETXTBSY);
	run_program_named(PROGRAM_NAME, 0);
	CHECK_EQ(rename("interp", "elsewhere"), 0);
	CHECK_EQ(unlink("elsewhere"), 0);
	run_program_named(PROGRAM_NAME, 0);
	remove_all();
	run_program_named(PROGRAM_NAME, 100 + ENOEXEC);
}

TEST(extension)
{
	char line[400];

	setup();
	snprintf(line, sizeof(line), ":t_run:E::interp::%s:", self_path);
	CHECK_EQ(reg(line), 0);
	make_program(PROGRAM_NAME, "", 0);
	CHECK_STR(run_program_named(PROGRAM_NAME, 0),
		  GOT "one|two| flags=0 execfn=" PROGRAM_NAME " euid=0 secure=0 dumpable=1\n");
	make_program("x.interpx", "", 0);
	run_program_named("x.interpx", 100 + ENOEXEC);
	make_program("interp", "", 0);
	run_program_named("interp", 100 + ENOEXEC);
	remove_all();
}

/* The one that was registered last is asked first, and before ELF and scripts. */
TEST(order)
{
	char line[400];

	setup();
	snprintf(line, sizeof(line), ":t_run:E::interp::%s:P", self_path);
	CHECK_EQ(reg(":t_old:E::interp::/none/such:"), 0);
	CHECK_EQ(reg(line), 0);
	make_program(PROGRAM_NAME, "#!/none/such\n", 13);
	CHECK_STR(run_program_named(PROGRAM_NAME, 0),
		  GOT "a0|one|two| flags=1 execfn=" PROGRAM_NAME " euid=0 secure=0 dumpable=1\n");
	CHECK_EQ(try_write(DIR "/t_run", "-1"), 0);
	run_program_named(PROGRAM_NAME, 100 + ENOENT);
	CHECK_EQ(try_write(DIR "/t_old", "0"), 0);
	run_program_named(PROGRAM_NAME, 100 + ENOENT);	/* the script's */
	remove_all();
}

TEST(interpreter_refusals)
{
	setup();
	make_program("p.t_x", "", 0);
	CHECK_EQ(reg(":t_x:E::t_x::/none/such:"), 0);
	run_program_named("./p.t_x", 100 + ENOENT);
	remove_all();
	CHECK_EQ(reg(":t_x:E::t_x::/dev/null:"), 0);
	run_program_named("./p.t_x", 100 + EACCES);
	remove_all();
	CHECK_EQ(reg(":t_x:E::t_x::./plain:"), 0);
	make_program("plain", "text", 4);
	run_program_named("./p.t_x", 100 + ENOEXEC);
	remove_all();
}

/* "script", which leads to the helper, registered with @entry; and a program for it. */
static void reg_script(const char *entry)
{
	char line[400];

	snprintf(line, sizeof(line), "#!%s @t_binfmt.interp", self_path);
	make_program("script", line, strlen(line));
	CHECK_EQ(reg(entry), 0);
	make_program("p.t_x", "", 0);
}

/* An interpreter may be a script, or one of binfmt_misc's own; but not without end. */
TEST(chains)
{
	setup();
	reg_script(":t_x:E::t_x::./script:");
	CHECK_STR(run_program_named("./p.t_x", 0),
		  GOT "./script|./p.t_x|one|two| flags=0 execfn=./p.t_x euid=0 secure=0 dumpable=1\n");
	make_program("by_script", "#!./p.t_x arg\n", 14);
	CHECK_STR(run_program_named("./by_script", 0),
		  GOT "./script|./p.t_x|arg|./by_script|one|two| flags=0 execfn=./by_script"
		  " euid=0 secure=0 dumpable=1\n");
	CHECK_EQ(reg(":t_y:E::t_y::./p.t_y:"), 0);
	make_program("p.t_y", "", 0);
	run_program_named("./p.t_y", 100 + ELOOP);
	remove_all();
}

/* Only one program of a chain can be kept open. */
TEST(flag_o_and_a_script)
{
	setup();
	reg_script(":t_x:E::t_x::./script:O");
	run_program_named("./p.t_x", 100 + ENOEXEC);
	remove_all();
}

TEST(by_closed_descriptor)
{
	char *args[] = { "a0", NULL };
	int fd;

	setup();
	reg_self("");
	fd = open(PROGRAM_NAME, O_RDONLY | O_CLOEXEC);
	CHECK_ERR(syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH), ENOENT);
	remove_all();
}

/* Executing while entries come and go: each exec finds an entry or none, and nothing is lost. */
TEST(registered_while_executed)
{
	char *args[] = { "a0", NULL };
	int i, status, good = 0, bad = 0;
	char line[400];
	pid_t pid, other;

	setup();
	snprintf(line, sizeof(line), ":t_run:E::interp::%s:OF", self_path);
	make_program(PROGRAM_NAME, program_text, 8);
	other = fork();
	if (other == 0) {
		for (;;) {
			reg(line);
			try_write(DIR "/t_run", "-1");
		}
	}
	for (i = 0; i < 60; i++) {
		pid = fork();
		if (pid == 0) {
			execve(PROGRAM_NAME, args, environ);
			_exit(100 + errno);
		}
		waitpid(pid, &status, 0);
		if (status == 0)
			good++;
		else if (WIFEXITED(status) && WEXITSTATUS(status) == 100 + ENOEXEC)
			bad++;
		else
			CHECK_EQ(status, 0);
	}
	note("%d by the interpreter, %d refused", good, bad);
	CHECK_EQ(good + bad, 60);
	kill(other, SIGKILL);
	expect_signal(other, SIGKILL);
	remove_all();
}
