// SPDX-License-Identifier: GPL-2.0-only
/* t_tty.c: pseudo-terminals and the line discipline: canonical, raw, echo, signals, job control. */
#include "tap.h"

#include <asm/ioctls.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

static int master, slave;
static char name[64], buf[8192];

static void open_pty(void)
{
	int n = -1, zero = 0;

	master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	REQUIRE(master >= 0);
	REQUIRE(ioctl(master, TIOCGPTN, &n) == 0);
	REQUIRE(ioctl(master, TIOCSPTLCK, &zero) == 0);
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	slave = open(name, O_RDWR | O_NOCTTY);
	REQUIRE(slave >= 0);
}

/* Change local flags of the slave; VMIN and VTIME for raw reads. */
static void modes(tcflag_t clear, tcflag_t set, int min, int time)
{
	struct termios t;

	REQUIRE(tcgetattr(slave, &t) == 0);
	t.c_lflag = (t.c_lflag & ~clear) | set;
	t.c_cc[VMIN] = min;
	t.c_cc[VTIME] = time;
	REQUIRE(tcsetattr(slave, TCSANOW, &t) == 0);
}

static void type(const char *text)
{
	CHECK_EQ(write(master, text, strlen(text)), strlen(text));
}

/* What can be read without waiting longer than 50 ms for more. */
static const char *all_of(int fd)
{
	struct pollfd poller = { fd, POLLIN, 0 };
	size_t done = 0;
	ssize_t n;

	while (done < sizeof(buf) - 1 && poll(&poller, 1, 50) > 0 && poller.revents & POLLIN &&
	       (n = read(fd, buf + done, sizeof(buf) - 1 - done)) > 0)
		done += n;
	buf[done] = '\0';
	return buf;
}

TEST(defaults)
{
	struct termios t;

	open_pty();
	CHECK_OK(tcgetattr(slave, &t));
	CHECK_EQ(t.c_iflag & (ICRNL | IXON | INLCR | IGNCR), ICRNL | IXON);
	CHECK_EQ(t.c_oflag & (OPOST | ONLCR), OPOST | ONLCR);
	CHECK((t.c_lflag & (ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN)) ==
	      (ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN));
	CHECK_EQ(t.c_cc[VINTR], 3);
	CHECK_EQ(t.c_cc[VQUIT], 28);
	CHECK_EQ(t.c_cc[VERASE], 127);
	CHECK_EQ(t.c_cc[VKILL], 21);
	CHECK_EQ(t.c_cc[VEOF], 4);
	CHECK_EQ(t.c_cc[VSUSP], 26);
	CHECK_EQ(t.c_cc[VMIN], 1);
	CHECK_EQ(cfgetospeed(&t), B38400);
	CHECK(isatty(slave) && isatty(master));
	CHECK(!isatty(open("/dev/null", O_RDONLY)));
	CHECK_EQ(errno, ENOTTY);
}

TEST(canonical_lines)
{
	open_pty();
	modes(ECHO, 0, 1, 0);
	type("one\ntwo\nunfinished");
	CHECK_EQ(read(slave, buf, 100), 4);	/* one line at a time */
	CHECK(memcmp(buf, "one\n", 4) == 0);
	CHECK_EQ(read(slave, buf, 2), 2);	/* a line may be read in parts */
	CHECK_EQ(read(slave, buf, 100), 2);
	CHECK_STR(all_of(slave), "");
	type("\r");				/* CR becomes NL */
	CHECK_EQ(read(slave, buf, 100), 11);
	CHECK(memcmp(buf, "unfinished\n", 11) == 0);
}

TEST(echo)
{
	open_pty();
	type("hi\n");
	CHECK_STR(all_of(master), "hi\r\n");
	type("\x01");
	CHECK_STR(all_of(master), "^A");
	modes(ECHO, 0, 1, 0);
	type("hidden\n");
	CHECK_STR(all_of(master), "");
	modes(0, ECHONL, 1, 0);
	type("x\n");
	CHECK_STR(all_of(master), "\r\n");
}

TEST(output_processing)
{
	struct termios t;

	open_pty();
	write(slave, "a\nb", 3);
	CHECK_STR(all_of(master), "a\r\nb");
	tcgetattr(slave, &t);
	t.c_oflag &= ~OPOST;
	tcsetattr(slave, TCSANOW, &t);
	write(slave, "a\nb", 3);
	CHECK_STR(all_of(master), "a\nb");
}

TEST(editing)
{
	open_pty();
	type("abX\x7f" "c\n");			/* erase */
	CHECK_STR(all_of(master), "abX\b \bc\r\n");
	CHECK_STR(all_of(slave), "abc\n");
	modes(ECHO, 0, 1, 0);
	type("wrong\x15right\n");		/* kill */
	CHECK_STR(all_of(slave), "right\n");
	type("two words\x17x\n");		/* word erase */
	CHECK_STR(all_of(slave), "two x\n");
	type("a\x16\x03" "b\n");		/* literal next */
	CHECK_STR(all_of(slave), "a\x03" "b\n");
	type("\x7f\x7f\x15z\n");		/* nothing to erase */
	CHECK_STR(all_of(slave), "z\n");
}

TEST(end_of_file)
{
	open_pty();
	modes(ECHO, 0, 1, 0);
	type("\x04");
	CHECK_EQ(read(slave, buf, 100), 0);
	type("abc\x04");			/* pushes what is there */
	CHECK_EQ(read(slave, buf, 100), 3);
	type("more\n");
	CHECK_EQ(read(slave, buf, 100), 5);
}

TEST(raw)
{
	struct termios t;

	open_pty();
	tcgetattr(slave, &t);
	cfmakeraw(&t);
	tcsetattr(slave, TCSANOW, &t);
	type("\x03\x04\r\n\x7f");
	CHECK_EQ(read(slave, buf, 100), 5);
	CHECK(memcmp(buf, "\x03\x04\r\n\x7f", 5) == 0);
	CHECK_STR(all_of(master), "");
}

TEST(vmin_vtime)
{
	long long start;

	open_pty();
	modes(ICANON | ECHO, 0, 0, 0);
	CHECK_EQ(read(slave, buf, 10), 0);	/* polling */
	modes(0, 0, 0, 1);
	start = now_ms();
	CHECK_EQ(read(slave, buf, 10), 0);	/* a tenth of a second */
	CHECK(now_ms() - start >= 90);
	modes(0, 0, 3, 0);
	type("ab");
	{
		struct pollfd poller = { slave, POLLIN, 0 };

		CHECK_EQ(poll(&poller, 1, 20), 0);
		type("c");
		CHECK_EQ(poll(&poller, 1, 5000), 1);
	}
	CHECK_EQ(read(slave, buf, 10), 3);
	modes(0, 0, 5, 1);			/* between bytes */
	type("x");
	CHECK_EQ(read(slave, buf, 10), 1);
}

TEST(window_size)
{
	struct winsize ws = { 25, 80, 0, 0 }, got;

	open_pty();
	CHECK_OK(ioctl(slave, TIOCGWINSZ, &got));
	CHECK(got.ws_row == 0 && got.ws_col == 0);
	CHECK_OK(ioctl(master, TIOCSWINSZ, &ws));
	CHECK_OK(ioctl(slave, TIOCGWINSZ, &got));
	CHECK(got.ws_row == 25 && got.ws_col == 80);
	CHECK_ERR(ioctl(slave, TIOCGWINSZ, (void *)8), EFAULT);
}

TEST(queues)
{
	int n = -1;

	open_pty();
	modes(ECHO, 0, 1, 0);
	type("12345\n");
	for (int i = 0; i < 400 && n != 6; i++) {
		sleep_ms(5);
		CHECK_OK(ioctl(slave, FIONREAD, &n));
	}
	CHECK_EQ(n, 6);
	CHECK_OK(tcflush(slave, TCIFLUSH));
	CHECK_OK(ioctl(slave, FIONREAD, &n));
	CHECK_EQ(n, 0);
	CHECK_OK(tcdrain(slave));
	CHECK_ERR(tcflush(slave, 99), EINVAL);
	CHECK_ERR(ioctl(slave, 0x54ff), ENOTTY);
}

static volatile int hups, ints, quits, stops, winchs, conts;

static void on_signal(int sig)
{
	hups += sig == SIGHUP;
	ints += sig == SIGINT;
	quits += sig == SIGQUIT;
	stops += sig == SIGTSTP;
	winchs += sig == SIGWINCH;
	conts += sig == SIGCONT;
}

static void catch_all(int flags)
{
	static const int sigs[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sigs); i++)
		set_handler(sigs[i], on_signal, flags);
}

/* In a child: become a session leader with the slave as controlling terminal. */
static void take_terminal(void)
{
	REQUIRE(setsid() > 0);
	REQUIRE(ioctl(slave, TIOCSCTTY, 0) == 0);
}

TEST(keyboard_signals)
{
	volatile int *ready = shared_page();
	pid_t pid;

	open_pty();
	pid = fork();
	if (pid == 0) {
		close(master);
		catch_all(SA_RESTART);
		take_terminal();
		*ready = 1;
		CHECK(wait_flag(&ints));
		*ready = 2;
		CHECK(wait_flag(&quits));
		*ready = 3;
		CHECK(wait_flag(&stops));
		finish();
	}
	CHECK(wait_flag(ready));
	type("pending");
	CHECK_STR(all_of(master), "pending");
	type("\x03");
	CHECK_STR(all_of(master), "^C");
	while (*ready < 2)
		sleep_ms(1);
	type("\x1c");
	while (*ready < 3)
		sleep_ms(1);
	type("\x1a");
	expect_exit(pid, 0);
	CHECK_OK(ioctl(slave, FIONREAD, (int *)buf));
	CHECK_EQ(*(int *)buf, 0);		/* the signal flushed what was typed */
}

TEST(no_signals_without_isig)
{
	open_pty();
	modes(ISIG | ECHO, 0, 1, 0);
	type("\x03\n");
	CHECK_STR(all_of(slave), "\x03\n");
}

TEST(winch)
{
	struct winsize ws = { 30, 90, 0, 0 };
	volatile int *ready = shared_page();
	pid_t pid;

	open_pty();
	pid = fork();
	if (pid == 0) {
		catch_all(SA_RESTART);
		take_terminal();
		*ready = 1;
		CHECK(wait_flag(&winchs));
		finish();
	}
	CHECK(wait_flag(ready));
	CHECK_OK(ioctl(master, TIOCSWINSZ, &ws));
	expect_exit(pid, 0);
}

TEST(controlling_terminal)
{
	pid_t pid, group = -1;
	int fd;

	open_pty();
	CHECK_ERR(ioctl(slave, TIOCSCTTY, 0), EPERM);	/* not a session leader */
	CHECK_ERR(tcgetpgrp(slave), ENOTTY);
	pid = fork();
	if (pid == 0) {
		take_terminal();
		CHECK_EQ(tcgetpgrp(slave), getpid());
		CHECK_EQ(tcgetsid(slave), getpid());
		fd = open("/dev/tty", O_RDWR);
		CHECK_OK(fd);
		CHECK_EQ(write(fd, "tty", 3), 3);
		CHECK_OK(ioctl(fd, TIOCGPGRP, &group));
		CHECK_EQ(group, getpid());
		CHECK_ERR(tcsetpgrp(slave, 999999), ESRCH);
		signal(SIGHUP, SIG_IGN);
		CHECK_OK(ioctl(slave, TIOCNOTTY));
		CHECK_ERR(open("/dev/tty", O_RDWR), ENXIO);
		finish();
	}
	CHECK_STR(all_of(master), "tty");
	expect_exit(pid, 0);
}

TEST(open_makes_it_controlling)
{
	pid_t pid;

	open_pty();
	pid = fork();
	if (pid == 0) {
		int fd;

		REQUIRE(setsid() > 0);
		fd = open(name, O_RDWR);	/* a leader without a terminal gets this one */
		CHECK_EQ(tcgetsid(fd), getpid());
		finish();
	}
	expect_exit(pid, 0);
}

TEST(background_read_and_write)
{
	volatile int *page = shared_page();
	pid_t pid, job;
	int ws;

	open_pty();
	pid = fork();
	if (pid == 0) {
		take_terminal();
		signal(SIGTTOU, SIG_DFL);
		job = fork();
		if (job == 0) {
			setpgid(0, 0);
			read(slave, buf, 1);	/* stopped by SIGTTIN */
			page[0] = 1;
			wait_flag(&page[1]);
			signal(SIGTTIN, SIG_IGN);
			CHECK_ERR(read(slave, buf, 1), EIO);
			modes(0, TOSTOP, 1, 0);	/* stopped by SIGTTOU, then goes on */
			write(slave, "x", 1);
			finish();
		}
		setpgid(job, job);
		CHECK_EQ(waitpid(job, &ws, WUNTRACED), job);
		CHECK(WIFSTOPPED(ws) && WSTOPSIG(ws) == SIGTTIN);
		/* To the front with it: the read goes through. */
		CHECK_OK(tcsetpgrp(slave, job));
		kill(job, SIGCONT);
		CHECK(wait_flag(&page[0]));
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(slave, getpid());
		signal(SIGTTOU, SIG_DFL);
		page[1] = 1;
		while (waitpid(job, &ws, WUNTRACED) == job && WIFSTOPPED(ws)) {
			CHECK_EQ(WSTOPSIG(ws), SIGTTOU);
			page[2]++;
			signal(SIGTTOU, SIG_IGN);
			tcsetpgrp(slave, job);
			signal(SIGTTOU, SIG_DFL);
			kill(job, SIGCONT);
		}
		CHECK(WIFEXITED(ws) && WEXITSTATUS(ws) == 0);
		finish();
	}
	sleep_ms(50);
	type("input\n");
	expect_exit(pid, 0);
	CHECK(page[2] >= 1);
}

TEST(hangup)
{
	volatile int *ready = shared_page();
	pid_t pid;

	open_pty();
	pid = fork();
	if (pid == 0) {
		close(master);
		catch_all(SA_RESTART);
		take_terminal();
		*ready = 1;
		CHECK(wait_flag(&hups));
		CHECK_EQ(read(slave, buf, 1), 0);
		CHECK_ERR(write(slave, "x", 1), EIO);
		CHECK_ERR(open("/dev/tty", O_RDWR), ENXIO);
		finish();
	}
	close(slave);
	CHECK(wait_flag(ready));
	close(master);
	expect_exit(pid, 0);
}

TEST(slave_closes)
{
	struct pollfd poller;

	open_pty();
	write(slave, "bye", 3);
	close(slave);
	poller = (struct pollfd){ master, POLLIN, 0 };
	CHECK_EQ(read(master, buf, 10), 3);
	CHECK_ERR(read(master, buf, 10), EIO);
	CHECK_EQ(poll(&poller, 1, 0), 1);
	CHECK(poller.revents & POLLHUP);
	slave = open(name, O_RDWR | O_NOCTTY);	/* comes back to life with a new opener */
	CHECK_OK(slave);
	write(slave, "again", 5);
	CHECK_EQ(read(master, buf, 10), 5);
}

TEST(leader_exit_hangs_up_the_foreground)
{
	volatile int *page = shared_page();
	pid_t pid;

	open_pty();
	pid = fork();
	if (pid == 0) {
		take_terminal();
		if (fork() == 0) {
			catch_all(SA_RESTART);
			page[0] = 1;
			wait_flag(&hups);
			page[1] = hups + 1;
			_exit(0);
		}
		wait_flag(&page[0]);
		_exit(0);
	}
	expect_exit(pid, 0);
	CHECK(wait_flag(&page[1]));
	CHECK_EQ(page[1], 2);
}

TEST(orphaned_stopped_group)
{
	volatile int *page = shared_page();
	pid_t pid;

	/* A stopped group whose last tie to its session goes gets SIGHUP and SIGCONT. */
	pid = fork();
	if (pid == 0) {
		setsid();
		pid = fork();
		if (pid == 0) {
			setpgid(0, 0);
			catch_all(SA_RESTART);
			page[0] = 1;
			raise(SIGSTOP);
			wait_flag(&hups);
			wait_flag(&conts);
			page[1] = hups + conts;
			_exit(0);
		}
		wait_flag(&page[0]);
		wait_state(pid, 'T');
		_exit(0);
	}
	expect_exit(pid, 0);
	CHECK(wait_flag(&page[1]));
	CHECK_EQ(page[1], 2);
}

TEST(flow_control)
{
	open_pty();
	type("\x13");				/* Ctrl-S */
	sleep_ms(5);
	fcntl(slave, F_SETFL, O_NONBLOCK);
	write(slave, "held", 4);
	type("\x11");				/* Ctrl-Q */
	sleep_ms(20);
	write(slave, "!", 1);
	CHECK(strchr(all_of(master), '!') != NULL);
	CHECK_OK(tcflow(slave, TCOOFF));
	CHECK_ERR(write(slave, "x", 1), EAGAIN);
	CHECK_OK(tcflow(slave, TCOON));
	CHECK_EQ(write(slave, "x", 1), 1);
}

/* glibc has no termios2, which the numbers of TCGETS2 and TCSETS2 take their size from. */
struct termios2 {
	unsigned int	iflag, oflag, cflag, lflag;
	unsigned char	line, cc[19];
	unsigned int	ispeed, ospeed;
};

TEST(termios2_speeds)
{
	struct termios2 t;

	open_pty();
	CHECK_OK(ioctl(slave, TCGETS2, &t));
	t.cflag = (t.cflag & ~0x100fU) | 0x1000;	/* BOTHER */
	t.ispeed = t.ospeed = 12345;
	CHECK_OK(ioctl(slave, TCSETS2, &t));
	memset(&t, 0, sizeof(t));
	CHECK_OK(ioctl(slave, TCGETS2, &t));
	CHECK_EQ(t.ospeed, 12345);
}

TEST(pts_nodes)
{
	struct stat st;
	int other, n;

	open_pty();
	CHECK_OK(stat(name, &st));
	CHECK(S_ISCHR(st.st_mode) && (st.st_rdev >> 8) == 136);
	CHECK_EQ(st.st_uid, 0);
	other = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	CHECK_OK(ioctl(other, TIOCGPTN, &n));
	snprintf(buf, sizeof(buf), "/dev/pts/%d", n);
	CHECK(strcmp(buf, name) != 0);
	CHECK_ERR(open(buf, O_RDWR | O_NOCTTY), EIO);	/* still locked */
	close(other);
	CHECK_ERR(stat(buf, &st), ENOENT);
	CHECK_ERR(open("/dev/pts/9999", O_RDWR), ENOENT);
	other = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	CHECK_OK(other);
	write(other, "peer", 4);
	CHECK_STR(all_of(master), "peer");
}

TEST(packet_mode)
{
	int on = 1;

	open_pty();
	CHECK_OK(ioctl(master, TIOCPKT, &on));
	write(slave, "data", 4);
	CHECK_EQ(read(master, buf, 10), 5);
	CHECK(buf[0] == 0 && memcmp(buf + 1, "data", 4) == 0);
	tcflush(slave, TCIOFLUSH);
	CHECK(read(master, buf, 10) == 1 && buf[0] != 0);
}

TEST(sti)
{
	pid_t pid;

	open_pty();
	pid = fork();
	if (pid == 0) {
		take_terminal();
		CHECK_OK(ioctl(slave, TIOCSTI, "s"));
		CHECK_OK(ioctl(slave, TIOCSTI, "\n"));
		CHECK_EQ(read(slave, buf, 10), 2);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(long_lines)
{
	static char line[6000];
	ssize_t n, total = 0;

	open_pty();
	modes(ECHO, 0, 1, 0);
	memset(line, 'x', sizeof(line));
	fcntl(master, F_SETFL, O_NONBLOCK);
	/* A line longer than the buffer: 4095 characters are kept, the newline always fits. */
	write(master, line, 5000);
	sleep_ms(20);
	write(master, "\n", 1);
	n = read(slave, buf, sizeof(buf));
	total += n > 0 ? n : 0;
	CHECK(total == 4096 || total == 4095);
}

TEST(ioctl_refusals)
{
	int nobody = 0;

	open_pty();
	/* Whose terminal it is comes before whether there is such a group. */
	CHECK_ERR(ioctl(slave, TIOCSPGRP, &nobody), ENOTTY);
	CHECK_OK(ioctl(slave, TIOCSBRK, 0));
	CHECK_OK(ioctl(slave, TIOCCBRK, 0));
	CHECK_ERR(ioctl(master, TIOCCONS, 0), EINVAL);
	become_user();
	CHECK_ERR(ioctl(slave, TIOCCONS, 0), EPERM);
}
