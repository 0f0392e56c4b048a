// SPDX-License-Identifier: GPL-2.0-only
/*
 * elfmut.c [COUNT [SEED]]: run COUNT mutated ELF images. Any end of a child will do, as long as the machine lives,
 * every child ends, and exec says one of the errors that it may say.
 *
 * The images that are changed: a small static program made here, its position independent sisters without and
 * with an interpreter, headers of the other class, and a dynamically linked program where the initramfs has
 * Debian's linker. The n-th image depends on SEED + n alone: "elfmut 1 SEED+n" makes it again.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, SMALL = 3 * PAGE, CODE_AT = 0x400, MAX_FILE = 4 << 20 };

struct image {
	char	*bytes;
	size_t	size;
};

static const uint32_t exit_code[] = {
#if defined(__aarch64__)
	0xd2800540, 0xd2800ba8, 0xd4000001,		/* exit(42) */
#else
	0xe3a0002a, 0xe3a07001, 0xef000000,
#endif
};

static uint64_t state;

static uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* ---- images to begin with ------------------------------------------------------------------------ */

static struct image small_image(int dynamic, const char *interp)
{
	struct image img = { calloc(1, SMALL), SMALL };
	ElfW(Ehdr) *eh = (ElfW(Ehdr) *)img.bytes;
	ElfW(Phdr) *ph = (ElfW(Phdr) *)(eh + 1);
	unsigned long base = dynamic ? 0 : 0x10000;

	memcpy(eh->e_ident, ELFMAG, SELFMAG);
	eh->e_ident[EI_CLASS] = sizeof(long) == 8 ? ELFCLASS64 : ELFCLASS32;
	eh->e_ident[EI_DATA] = ELFDATA2LSB;
	eh->e_type = dynamic ? ET_DYN : ET_EXEC;
	eh->e_machine = sizeof(long) == 8 ? EM_AARCH64 : EM_ARM;
	eh->e_flags = sizeof(long) == 8 ? 0 : 0x05000400;
	eh->e_entry = base + CODE_AT;
	eh->e_phoff = sizeof(*eh);
	eh->e_phentsize = sizeof(*ph);
	eh->e_phnum = interp ? 4 : 3;
	ph[0] = (ElfW(Phdr)){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = base, .p_filesz = PAGE,
			      .p_memsz = PAGE, .p_align = PAGE };
	ph[1] = (ElfW(Phdr)){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = PAGE, .p_vaddr = base + 2 * PAGE,
			      .p_filesz = PAGE, .p_memsz = 3 * PAGE, .p_align = PAGE };
	ph[2] = (ElfW(Phdr)){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W };
	if (interp) {
		ph[3] = (ElfW(Phdr)){ .p_type = PT_INTERP, .p_offset = 2 * PAGE, .p_filesz = strlen(interp) + 1 };
		strcpy(img.bytes + 2 * PAGE, interp);
	}
	memcpy(img.bytes + CODE_AT, exit_code, sizeof(exit_code));
	return img;
}

/* The headers of the other class, with the other's machine. */
static struct image other_class(void)
{
	struct image img = small_image(0, NULL);
	Elf32_Ehdr *e32 = (Elf32_Ehdr *)img.bytes;
	Elf64_Ehdr *e64 = (Elf64_Ehdr *)img.bytes;

	img.bytes[EI_CLASS] = sizeof(long) == 8 ? ELFCLASS32 : ELFCLASS64;
	if (sizeof(long) == 8) {
		e32->e_machine = EM_ARM;
		e32->e_phoff = sizeof(*e32);
		e32->e_phentsize = sizeof(Elf32_Phdr);
		e32->e_phnum = 2;
	} else {
		e64->e_machine = EM_AARCH64;
		e64->e_phoff = sizeof(*e64);
		e64->e_phentsize = sizeof(Elf64_Phdr);
		e64->e_phnum = 2;
	}
	return img;
}

static struct image file_image(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct image img = {};
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || st.st_size > MAX_FILE)
		return img;
	img.bytes = malloc(st.st_size);
	img.size = read(fd, img.bytes, st.st_size) == st.st_size ? st.st_size : 0;
	close(fd);
	return img;
}

/* ---- mutation ------------------------------------------------------------------------------------ */

static uint64_t odd_value(void)
{
	switch (rnd() % 8) {
	case 0:		return 0;
	case 1:		return -1;
	case 2:		return 1ULL << rnd() % 64;
	case 3:		return (1ULL << rnd() % 64) - 1;
	case 4:		return rnd() % 0x30000;
	case 5:		return -(uint64_t)(rnd() % 0x30000);
	case 6:		return PAGE * (uint64_t)(rnd() % 64);
	default:	return (uint64_t)rnd() << 32 | rnd();
	}
}

/* Where changes matter: the headers, mostly. */
static size_t some_offset(const struct image *img)
{
	size_t near = img->size < 512 ? img->size : 512;

	return rnd() % 16 ? rnd() % near : rnd() % img->size;
}

static void change(struct image *img)
{
	uint64_t value = odd_value();
	size_t at = some_offset(img), width = 1 << rnd() % 4;

	switch (rnd() % 8) {
	case 0:
		img->bytes[at] ^= 1 << rnd() % 8;
		return;
	case 1:
		img->size = rnd() % 4 ? img->size : at + 1;
		return;
	}
	at &= ~(width - 1);
	if (at + width <= img->size)
		memcpy(img->bytes + at, &value, width);
}

static void save(const char *name, const struct image *img)
{
	int fd;

	unlink(name);
	fd = open(name, O_CREAT | O_WRONLY, 0755);
	if (fd < 0 || write(fd, img->bytes, img->size) != (ssize_t)img->size) {
		perror(name);
		exit(1);
	}
	close(fd);
}

/* ---- running ------------------------------------------------------------------------------------- */

static int expected_error(int err)
{
	static const int errors[] = { ENOEXEC, ENOMEM, EIO, ELIBBAD, ENOENT, EACCES, ENOTDIR, EINVAL, ENAMETOOLONG,
				      ELOOP, EISDIR, E2BIG, EAGAIN, EOVERFLOW };
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (err == errors[i])
			return 1;
	return 0;
}

static void child(void)
{
	struct rlimit memory = { 256 << 20, 256 << 20 }, files = { 1 << 20, 1 << 20 }, core = { 0, 0 };
	char *args[] = { "prog", NULL };
	int fd;

	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_FSIZE, &files);
	setrlimit(RLIMIT_CORE, &core);
	for (fd = 0; fd < 3; fd++)
		dup2(open("/dev/null", O_RDWR), fd);
	if (setgid(1000) || setuid(1000))
		_exit(1);
	alarm(2);				/* a changed program may loop */
	execv("prog", args);
	_exit(expected_error(errno) ? 0 : 255);
}

/* 1: exec gave an error that it may not give. */
static int run(unsigned long n)
{
	pid_t pid = fork();
	int ws = 0;

	if (pid == 0)
		child();
	waitpid(pid, &ws, 0);
	if (!WIFEXITED(ws) || WEXITSTATUS(ws) != 255)
		return 0;
	printf("elfmut: image %lu: unexpected error\n", n);
	return 1;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 500;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	struct image base[5];
	unsigned long n, bad = 0;
	int kinds = 4, changes;

	mkdir("/tmp/elfmut", 0755);
	if (chdir("/tmp/elfmut"))
		return 1;
	base[0] = small_image(0, NULL);
	base[1] = small_image(1, NULL);
	base[2] = small_image(1, "ld");
	base[3] = other_class();
	base[4] = file_image("/tests/dyn-hello");
	if (base[4].size && !access("/dyn/ls", X_OK))
		kinds++;
	for (n = seed; n < seed + count; n++) {
		struct image *from = &base[n % kinds], img = { malloc(from->size), from->size };
		int as_linker = n % kinds == 2 && (n / kinds) % 2;

		state = n * 0x9e3779b97f4a7c15ULL | 1;
		memcpy(img.bytes, from->bytes, img.size);
		for (changes = 1 + rnd() % 4; changes > 0; changes--)
			change(&img);
		if (n % kinds == 2)		/* the program or its interpreter */
			save("ld", as_linker ? &img : &base[1]);
		save("prog", as_linker ? &base[2] : &img);
		bad += run(n);
		free(img.bytes);
	}
	unlink("prog");
	unlink("ld");
	printf("elfmut: %lu images, %lu bad\n", count, bad);
	return bad != 0;
}
