// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_elf.c: programs that are not quite right: what exec says of each, or how the program ends that it starts.
 *
 * An image is made in memory, one thing in it is changed, and it is run. Well made it exits with 42.
 */
#include "tap.h"

#include <elf.h>
#include <link.h>

typedef ElfW(Ehdr) ehdr_t;
typedef ElfW(Phdr) phdr_t;

enum {
	CODE_AT = 0x400, SIZE = 0x3000, TEXT = 0x10000, DATA = 0x20000, GOOD = 42, PAGE = 0x1000,
	DIES = 1000,		/* + the signal that ends it */
};

#if defined(__aarch64__)
static const uint32_t exit_code[] = { 0xd2800540, 0xd2800ba8, 0xd4000001 };	/* exit(42) */
#define MACHINE		EM_AARCH64
#define NATIVE_CLASS	ELFCLASS64
#define OTHER_CLASS	ELFCLASS32
#define TOO_HIGH	(1UL << 48)
#define ZEROS_RUN	(DIES + SIGILL)
#else
static const uint32_t exit_code[] = { 0xe3a0002a, 0xe3a07001, 0xef000000 };
#define MACHINE		EM_ARM
#define NATIVE_CLASS	ELFCLASS32
#define OTHER_CLASS	ELFCLASS64
#define TOO_HIGH	0xf0000000UL
#define ZEROS_RUN	(DIES + SIGSEGV)	/* they are no-ops, up to the end of the mapping */
#endif

static struct {
	union {
		ehdr_t	eh;
		char	bytes[SIZE];
	};
	size_t		size;		/* of the file */
} img;

static phdr_t *ph(int i)
{
	return (phdr_t *)(img.bytes + sizeof(ehdr_t)) + i;
}

static void good_image(void)
{
	memset(&img, 0, sizeof(img));
	img.size = SIZE;
	memcpy(img.eh.e_ident, ELFMAG, SELFMAG);
	img.eh.e_ident[EI_CLASS] = NATIVE_CLASS;
	img.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	img.eh.e_ident[EI_VERSION] = EV_CURRENT;
	img.eh.e_type = ET_EXEC;
	img.eh.e_machine = MACHINE;
	img.eh.e_version = EV_CURRENT;
	img.eh.e_entry = TEXT + CODE_AT;
	img.eh.e_phoff = sizeof(ehdr_t);
	img.eh.e_ehsize = sizeof(ehdr_t);
	img.eh.e_phentsize = sizeof(phdr_t);
	img.eh.e_phnum = 3;
	img.eh.e_flags = MACHINE == EM_ARM ? 0x05000400 : 0;
	*ph(0) = (phdr_t){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = TEXT, .p_filesz = PAGE,
			   .p_memsz = PAGE, .p_align = PAGE };
	*ph(1) = (phdr_t){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = PAGE, .p_vaddr = DATA,
			   .p_filesz = PAGE, .p_memsz = 2 * PAGE, .p_align = PAGE };
	*ph(2) = (phdr_t){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W };
	memcpy(img.bytes + CODE_AT, exit_code, sizeof(exit_code));
}

static void save(const char *name)
{
	int fd;

	unlink(name);
	fd = open(name, O_CREAT | O_WRONLY, 0755);
	REQUIRE(fd >= 0 && write(fd, img.bytes, img.size) == (ssize_t)img.size);
	close(fd);
}

/* Run it: the exit status, DIES + the signal, or -errno of exec. */
static int outcome(const char *name)
{
	char *args[] = { (char *)name, NULL };
	int ws = -1, err = 0, fd[2];
	pid_t pid;

	REQUIRE(pipe2(fd, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		execv(name, args);
		err = errno;
		write(fd[1], &err, sizeof(err));
		_exit(0);
	}
	close(fd[1]);
	read(fd[0], &err, sizeof(err));
	close(fd[0]);
	waitpid(pid, &ws, 0);
	if (err)
		return -err;
	return WIFSIGNALED(ws) ? DIES + WTERMSIG(ws) : WEXITSTATUS(ws);
}

static void expect(const char *what, int want)
{
	int got;

	save("prog");
	got = outcome("prog");
	if (got != want)
		note("%s: got %d, want %d", what, got, want);
	CHECK(got == want);
}

/* Addresses and offsets below 4 GiB are nothing odd to a 64-bit kernel. */
#define FAR_AWAY	(is_compat() ? GOOD : DIES + SIGSEGV)

/* One change in a good image. */
#define CASE(change, want)						\
	do {								\
		good_image();						\
		change;							\
		expect(#change, want);					\
	} while (0)

TEST(good)
{
	CASE((void)0, GOOD);
	CASE(img.eh.e_ident[EI_VERSION] = 77, GOOD);		/* nobody looks at these */
	CASE(img.eh.e_version = 0, GOOD);
	CASE(img.eh.e_ehsize = 0, GOOD);
	CASE(img.eh.e_shoff = 0x12345678; img.eh.e_shnum = 99, GOOD);
	CASE(img.eh.e_ident[EI_OSABI] = 200, GOOD);
}

TEST(header)
{
	int i;

	for (i = 0; i < 4; i++)
		CASE(img.bytes[i] ^= 1, -ENOEXEC);
	CASE(img.eh.e_type = ET_NONE, -ENOEXEC);
	CASE(img.eh.e_type = ET_REL, -ENOEXEC);
	CASE(img.eh.e_type = ET_CORE, -ENOEXEC);
	CASE(img.eh.e_type = 0xffff, -ENOEXEC);
	CASE(img.eh.e_machine = EM_NONE, -ENOEXEC);
	CASE(img.eh.e_machine = EM_386, -ENOEXEC);
	CASE(img.eh.e_phentsize = 0, -ENOEXEC);
	CASE(img.eh.e_phentsize++, -ENOEXEC);
	CASE(img.eh.e_phentsize = 0xffff, -ENOEXEC);
	CASE(img.eh.e_phnum = 0, -ENOEXEC);
	CASE(img.eh.e_phnum = 0xffff, -ENOEXEC);
}

TEST(truncated)
{
	CASE(img.size = 0, -ENOEXEC);
	CASE(img.size = 3, -ENOEXEC);
	CASE(img.size = sizeof(ehdr_t) - 1, -ENOEXEC);
	CASE(img.size = sizeof(ehdr_t), -ENOEXEC);
	CASE(img.size = sizeof(ehdr_t) + 2 * sizeof(phdr_t), -ENOEXEC);
	CASE(img.size = CODE_AT, ZEROS_RUN);		/* zeros to the end of the page */
	CASE(img.size = PAGE, GOOD);
	CASE(img.eh.e_phoff = SIZE, -ENOEXEC);
	CASE(img.eh.e_phoff = SIZE - 1, -ENOEXEC);
	CASE(img.eh.e_phoff = -1, -ENOEXEC);
}

TEST(segments)
{
	CASE(ph(0)->p_type = PT_NULL; ph(1)->p_type = PT_NULL, DIES + SIGSEGV);
	CASE(ph(0)->p_type = PT_NULL, DIES + SIGSEGV);
	CASE(ph(0)->p_flags = 0, DIES + SIGSEGV);
	CASE(ph(0)->p_flags = PF_R, DIES + SIGSEGV);
	CASE(ph(0)->p_filesz = 0, ZEROS_RUN);
	CASE(ph(1)->p_filesz = 0, GOOD);
	CASE(ph(1)->p_memsz = 0, DIES + SIGSEGV);
	CASE(ph(1)->p_filesz = ph(1)->p_memsz = 0, GOOD);
	CASE(ph(1)->p_filesz = 3 * PAGE, DIES + SIGSEGV);
	CASE(ph(1)->p_offset += 16, DIES + SIGSEGV);
	CASE(ph(1)->p_vaddr += 16, DIES + SIGSEGV);
	CASE(ph(1)->p_vaddr += 16; ph(1)->p_offset += 16, GOOD);
	CASE(ph(1)->p_vaddr = TEXT, DIES + SIGSEGV);
	CASE(ph(1)->p_vaddr = TOO_HIGH, FAR_AWAY);
	CASE(ph(1)->p_vaddr = -PAGE, DIES + SIGSEGV);
	if (sizeof(long) == 8)			/* arm keeps its lowest pages to itself */
		CASE(ph(1)->p_vaddr = 0, GOOD);
	CASE(ph(1)->p_memsz = TOO_HIGH, DIES + SIGSEGV);
	CASE(ph(1)->p_memsz = -1, DIES + SIGSEGV);
	CASE(ph(1)->p_memsz = -PAGE, DIES + SIGSEGV);
	CASE(ph(1)->p_filesz = ph(1)->p_memsz = TOO_HIGH, DIES + SIGSEGV);
	CASE(ph(1)->p_filesz = ph(1)->p_memsz = -1, DIES + SIGSEGV);
	CASE(ph(1)->p_offset = -PAGE, FAR_AWAY);
	CASE(ph(1)->p_offset = 0x7ffff000, GOOD);
	CASE(ph(1)->p_vaddr = 0x8000, GOOD);
	CASE(ph(1)->p_vaddr = TEXT + PAGE, GOOD);
}

TEST(alignment)
{
	CASE(ph(0)->p_align = 0, GOOD);
	CASE(ph(0)->p_align = 3, GOOD);
	CASE(ph(0)->p_align = -1, GOOD);
	CASE(ph(0)->p_align = 1UL << 31, GOOD);
}

static void position_independent(void)
{
	img.eh.e_type = ET_DYN;
	img.eh.e_entry = CODE_AT;
	ph(0)->p_vaddr = 0;
	ph(1)->p_vaddr = DATA - TEXT;
}

TEST(position_independent)
{
	CASE(position_independent(), GOOD);
	CASE(position_independent(); ph(0)->p_align = 0, GOOD);
	CASE(position_independent(); ph(0)->p_align = 3, GOOD);
	CASE(position_independent(); ph(0)->p_align = 0x200000, GOOD);
	CASE(position_independent(); ph(0)->p_align = -1, GOOD);
	CASE(position_independent(); ph(1)->p_vaddr = TOO_HIGH, FAR_AWAY);
	CASE(position_independent(); ph(1)->p_memsz = TOO_HIGH, DIES + SIGSEGV);
	CASE(position_independent(); ph(0)->p_vaddr = DATA - TEXT; ph(1)->p_vaddr = 0, DIES + SIGSEGV);
	CASE(position_independent(); ph(1)->p_type = PT_NULL, GOOD);
}

TEST(entry)
{
	CASE(img.eh.e_entry = 0, DIES + SIGSEGV);
	CASE(img.eh.e_entry = DATA, DIES + SIGSEGV);
	CASE(img.eh.e_entry = TOO_HIGH, DIES + SIGSEGV);
	CASE(img.eh.e_entry = -4, DIES + SIGSEGV);
}

/* The third header becomes the interpreter's name, which lies in the last page. */
static void interp(const char *name)
{
	ph(2)->p_type = PT_INTERP;
	ph(2)->p_offset = 2 * PAGE;
	ph(2)->p_filesz = ph(2)->p_memsz = strlen(name) + 1;
	strcpy(img.bytes + 2 * PAGE, name);
}

TEST(interpreter)
{
	good_image();
	position_independent();
	save("ld");					/* a good one: it exits with 42 */
	CASE(interp("ld"); memset(img.bytes + CODE_AT, 0, 12), GOOD);
	CASE(interp("missing"), -ENOENT);
	CASE(interp(""), -ENOEXEC);
	CASE(interp("."), -EACCES);
	CASE(interp("ld/x"), -ENOTDIR);
	CASE(interp("ld"); ph(2)->p_filesz = 0, -ENOEXEC);
	CASE(interp("ld"); ph(2)->p_filesz = 1, -ENOEXEC);
	CASE(interp("ld"); ph(2)->p_filesz = 2, -ENOEXEC);	/* not terminated */
	CASE(interp("ld"); ph(2)->p_filesz = 4096, GOOD);
	CASE(interp("ld"); ph(2)->p_filesz = 4097, -ENOEXEC);
	CASE(interp("ld"); ph(2)->p_offset = SIZE, -EIO);
	CASE(interp("ld"); ph(2)->p_offset = -1, sizeof(long) == 8 ? -EINVAL : -EIO);
	write_file("plain", "no program");
	CASE(interp("plain"), -EACCES);
	chmod("plain", 0755);
	CASE(interp("plain"), -EIO);				/* shorter than a header */
	write_file("script", "#!/bin/sh\n                                                              \n");
	chmod("script", 0755);
	CASE(interp("script"), -ELIBBAD);
}

/* Programs that are their own interpreters, or each other's: an interpreter's interpreter is not asked for. */
TEST(interpreter_of_itself)
{
	good_image();
	position_independent();
	interp("prog");
	save("ld");
	CASE(position_independent(); interp("prog"), GOOD);
	CASE(position_independent(); interp("ld"), GOOD);
	CASE(interp("ld"), GOOD);
}

static void bad_ld(const char *what, int want)
{
	save("ld");
	good_image();
	interp("ld");
	expect(what, want);
}
#define BAD_LD(change, want)						\
	do {								\
		good_image();						\
		position_independent();					\
		change;							\
		bad_ld(#change, want);					\
	} while (0)

TEST(bad_interpreter)
{
	BAD_LD((void)0, GOOD);
	BAD_LD(img.eh.e_machine = EM_386, -ELIBBAD);
	BAD_LD(img.eh.e_type = ET_REL, DIES + SIGSEGV);		/* found out too late */
	BAD_LD(img.eh.e_phentsize = 1, -ELIBBAD);
	BAD_LD(img.eh.e_phnum = 0, -ELIBBAD);
	BAD_LD(img.eh.e_phoff = SIZE, -ELIBBAD);
	BAD_LD(img.size = sizeof(ehdr_t), -ELIBBAD);
	BAD_LD(img.size = sizeof(ehdr_t) - 1, -EIO);
	BAD_LD(ph(0)->p_type = ph(1)->p_type = PT_NULL, DIES + SIGSEGV);
	BAD_LD(ph(1)->p_memsz = TOO_HIGH, DIES + SIGSEGV);
	BAD_LD(ph(1)->p_vaddr = TOO_HIGH, FAR_AWAY);
	BAD_LD(ph(1)->p_filesz = 3 * PAGE, DIES + SIGSEGV);
	BAD_LD(img.eh.e_entry = TOO_HIGH, DIES + SIGSEGV);
}
