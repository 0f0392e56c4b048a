// SPDX-License-Identifier: GPL-2.0-only
/* t_bti.c: branch target identification (arm64): guarded pages, what ends there, and programs that ask for them. */
#include "tap.h"

#include <elf.h>
#include <sys/auxv.h>
#include <ucontext.h>

extern char **environ;

#define PROT_GUARDED	0x10		/* PROT_BTI */
#define HWCAP2_BTI_BIT	(1UL << 17)
#define RX		(PROT_READ | PROT_EXEC)

#define I_RET		0xd65f03c0
#define I_NOP		0xd503201f
#define I_BTI_C		0xd503245f
#define I_BTI_J		0xd503249f
#define I_BTI_JC	0xd50324df
#define I_PACIASP	0xd503233f

static bool have_bti(void)
{
	return sizeof(long) == 8 && (getauxval(AT_HWCAP2) & HWCAP2_BTI_BIT);
}

static void need_bti(void)
{
	if (!have_bti())
		skip("no BTI");
}

/* A page of its own: @first, then a return. */
static void *code_page(unsigned int first, int prot)
{
	unsigned int *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(page != MAP_FAILED);
	page[0] = first;
	page[1] = I_RET;
	__builtin___clear_cache((char *)page, (char *)page + 8);
	REQUIRE(mprotect(page, 4096, prot) == 0);
	return page;
}

#ifdef __aarch64__
static void by_call(void *f)
{
	asm volatile("blr %0" : : "r" (f) : "x30", "memory");
}

static void by_x16(void *f)
{
	register void *x16 asm("x16") = f;

	asm volatile("adr x30, 1f\n\tbr %0\n1:" : : "r" (x16) : "x30", "memory");
}

static unsigned long feature_register(void)
{
	unsigned long val;

	asm volatile("mrs %0, id_aa64pfr1_el1" : "=r" (val));
	return val;
}

static unsigned int btype(const void *context)
{
	return ((const ucontext_t *)context)->uc_mcontext.pstate >> 10 & 3;
}

static void next_instruction(void *context)
{
	((ucontext_t *)context)->uc_mcontext.pc += 4;
	((ucontext_t *)context)->uc_mcontext.pstate &= ~(3UL << 10);
}
#else
static void by_call(void *f)
{
	(void)f;
}
#define by_x16		by_call

static unsigned long feature_register(void)
{
	return 0;
}

static unsigned int btype(const void *context)
{
	return !context;
}

static void next_instruction(void *context)
{
	(void)context;
}
#endif

/* By another register than x16 and x17; from a guarded page, for others may jump to any landing pad. */
static void by_jump(void *f)
{
	static unsigned int *stub;

	if (!stub) {
		stub = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		stub[0] = I_BTI_C;
		stub[1] = 0xd61f0000;		/* br x0 */
		__builtin___clear_cache((char *)stub, (char *)stub + 8);
		REQUIRE(mprotect(stub, 4096, RX | PROT_GUARDED) == 0);
	}
	((void (*)(void *))stub)(f);
}

TEST(what_the_cpu_has)
{
	need_bti();
	CHECK_EQ(feature_register() & 0xf, 1);
	CHECK(file_has("/proc/cpuinfo", " bti"));
}

/* VmFlags of the mapping at @page. */
static bool vm_flags_have(void *page, const char *flag)
{
	char line[300], start[40];
	FILE *f = fopen("/proc/self/smaps", "r");
	bool here = false, found = false;

	snprintf(start, sizeof(start), "%lx-", (unsigned long)page);
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, start, strlen(start)))
			here = true;
		if (here && !strncmp(line, "VmFlags:", 8)) {
			found = strstr(line, flag);
			break;
		}
	}
	fclose(f);
	return found;
}

TEST(protection)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_GUARDED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(page != MAP_FAILED);
	if (is_compat())
		skip("a 32-bit program cannot tell what the CPU has");
	CHECK_EQ(vm_flags_have(page, " bt"), have_bti());
	if (!have_bti()) {
		CHECK_ERR(mprotect(page, 4096, PROT_READ | PROT_GUARDED), EINVAL);
		return;
	}
	CHECK_OK(mprotect(page, 4096, PROT_READ));
	CHECK(!vm_flags_have(page, " bt"));
	CHECK_OK(mprotect(page, 4096, PROT_READ | PROT_EXEC | PROT_GUARDED));
	CHECK(vm_flags_have(page, " bt"));
	CHECK_OK(mprotect(page, 4096, PROT_NONE | PROT_GUARDED));
	CHECK_ERR(mprotect(page, 4096, PROT_READ | 0x20), EINVAL);
	CHECK_ERR(mprotect(page, 4096, PROT_READ | 0x40), EINVAL);
}

/* Where a branch may end: first instruction, and whether call, jump, jump by x16 may come to it. */
static const struct target {
	unsigned int	insn;
	bool		call, jump, x16;
} targets[] = {
	{ I_NOP, false, false, false },
	{ I_RET, false, false, false },
	{ I_BTI_C, true, false, true },
	{ I_BTI_J, false, true, true },
	{ I_BTI_JC, true, true, true },
};

static void check_branch(void (*branch)(void *), void *page, bool allowed, unsigned int insn, const char *how)
{
	siginfo_t info = { .si_signo = 0 };
	int sig = fault_of(branch, page, &info);

	if (sig != (allowed ? 0 : SIGILL))
		note("%s to %08x: %d", how, insn, sig);
	CHECK_EQ(sig, allowed ? 0 : SIGILL);
	if (sig) {
		CHECK_EQ(info.si_code, ILL_ILLOPC);
		CHECK(info.si_addr == page);
	}
}

TEST(branches)
{
	size_t i;

	need_bti();
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		const struct target *t = &targets[i];
		void *page = code_page(t->insn, RX | PROT_GUARDED);

		check_branch(by_call, page, t->call, t->insn, "call");
		check_branch(by_jump, page, t->jump, t->insn, "jump");
		check_branch(by_x16, page, t->x16, t->insn, "jump by x16");
		/* QEMU keeps what it knows of a page that was executed: so another one. */
		page = code_page(t->insn, RX | PROT_GUARDED);
		CHECK_OK(mprotect(page, 4096, RX));		/* not guarded any more: anywhere */
		check_branch(by_call, page, true, t->insn, "call");
		check_branch(by_jump, page, true, t->insn, "jump");
		page = code_page(t->insn, RX);
		CHECK_OK(mprotect(page, 4096, RX | PROT_GUARDED));
		check_branch(by_call, page, t->call, t->insn, "call");
	}
}

/* A PACIASP is for calls, not for jumps by any register. */
TEST(paciasp)
{
	unsigned int *page;

	need_bti();
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[0] = I_PACIASP;
	page[1] = 0xd50323bf;		/* autiasp */
	page[2] = I_RET;
	__builtin___clear_cache((char *)page, (char *)page + 12);
	CHECK_OK(mprotect(page, 4096, RX | PROT_GUARDED));
	check_branch(by_call, page, true, I_PACIASP, "call");
	check_branch(by_jump, page, false, I_PACIASP, "jump");
	check_branch(by_x16, page, true, I_PACIASP, "jump by x16");
}

TEST(kept_by_fork)
{
	void *page;
	pid_t pid;

	need_bti();
	page = code_page(I_NOP, RX | PROT_GUARDED);
	pid = fork();
	if (pid == 0) {
		check_branch(by_call, page, false, I_NOP, "call");
		finish();
	}
	expect_exit(pid, 0);
}

static volatile unsigned int seen_btype;

static void sigill(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	seen_btype = btype(context);
	next_instruction(context);	/* as if the landing pad had been there */
}

TEST(the_handler_sees_how)
{
	struct sigaction act = { .sa_sigaction = sigill, .sa_flags = SA_SIGINFO };
	void *page;

	need_bti();
	page = code_page(I_NOP, RX | PROT_GUARDED);
	sigaction(SIGILL, &act, NULL);
	seen_btype = 9;
	by_call(page);
	CHECK_EQ(seen_btype, 2);
	by_jump(page);
	CHECK_EQ(seen_btype, 3);
	by_x16(page);
	CHECK_EQ(seen_btype, 1);
}

static void raise_it(void *arg)
{
	(void)arg;
	raise(SIGUSR1);
}

TEST(a_handler_is_called)
{
	siginfo_t info;
	void *page;

	need_bti();
	page = code_page(I_NOP, RX | PROT_GUARDED);
	set_handler(SIGUSR1, (void (*)(int))page, 0);
	CHECK_EQ(fault_of(raise_it, NULL, &info), SIGILL);
	CHECK(info.si_addr == page);
	page = code_page(I_BTI_J, RX | PROT_GUARDED);
	set_handler(SIGUSR1, (void (*)(int))page, 0);
	CHECK_EQ(fault_of(raise_it, NULL, &info), SIGILL);
	page = code_page(I_BTI_C, RX | PROT_GUARDED);
	set_handler(SIGUSR1, (void (*)(int))page, 0);
	CHECK_EQ(fault_of(raise_it, NULL, &info), 0);
}

/* ---- programs -------------------------------------------------------------------------------- */

/* Calls a place without landing pad: dies of SIGILL if it is guarded, else exits with 7. */
static const unsigned int program[] = {
	0x100000c0,	/* adr x0, 24 */
	0xd63f0000,	/* blr x0 */
	0xd28000e0,	/* mov x0, 7 */
	0xd2800ba8,	/* mov x8, SYS_exit */
	0xd4000001,	/* svc 0 */
	I_NOP, I_RET,
};

struct note {
	unsigned int	namesz, descsz, type;
	char		name[4];
	unsigned int	props[12];
};

#define BTI_NOTE	{ 4, 16, 5, "GNU", { 0xc0000000, 4, 1, 0 } }

struct image {
	Elf64_Ehdr	ehdr;
	Elf64_Phdr	phdrs[3];
	char		interp[32];
	struct note	note;
	unsigned int	code[16];
	char		rest[4096 - 64 - 3 * 56 - 32 - 64 - 64];
};
_Static_assert(sizeof(struct image) == 4096, "no bss, not even of an interpreter");

static void make_elf(const char *name, int type, const struct note *note, size_t note_size, const char *interp)
{
	struct image img = { .ehdr = { .e_type = type, .e_machine = EM_AARCH64, .e_version = 1, .e_phnum = 3 } };
	unsigned long base = type == ET_EXEC ? 0x400000 : 0;
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	memcpy(img.ehdr.e_ident, "\177ELF\2\1\1", 7);
	img.ehdr.e_entry = base + offsetof(struct image, code);
	img.ehdr.e_phoff = offsetof(struct image, phdrs);
	img.ehdr.e_ehsize = sizeof(Elf64_Ehdr);
	img.ehdr.e_phentsize = sizeof(Elf64_Phdr);
	img.phdrs[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = base,
				     .p_filesz = sizeof(img), .p_memsz = sizeof(img), .p_align = 4096 };
	if (note) {
		img.note = *note;
		img.phdrs[1] = (Elf64_Phdr){ .p_type = 0x6474e553, .p_flags = PF_R, .p_filesz = note_size,
					     .p_memsz = note_size, .p_offset = offsetof(struct image, note),
					     .p_vaddr = base + offsetof(struct image, note), .p_align = 8 };
	}
	if (interp) {
		strcpy(img.interp, interp);
		img.phdrs[2] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_flags = PF_R, .p_filesz = strlen(interp) + 1,
					     .p_offset = offsetof(struct image, interp) };
	}
	memcpy(img.code, program, sizeof(program));
	REQUIRE(write(fd, &img, sizeof(img)) == sizeof(img));
	close(fd);
}

/* The exit status, or minus the signal, or 100 + the errno of exec. */
static int run(const char *name)
{
	char *args[] = { "x", NULL };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execve(name, args, environ);
		_exit(100 + errno);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(programs)
{
	static const struct note bti = BTI_NOTE, pac = { 4, 16, 5, "GNU", { 0xc0000000, 4, 2, 0 } };
	int guarded;

	if (sizeof(long) != 8)
		skip("these are 64-bit programs");
	guarded = have_bti() ? -SIGILL : 7;
	make_elf("plain", ET_EXEC, NULL, 0, NULL);
	CHECK_EQ(run("plain"), 7);
	make_elf("bti", ET_EXEC, &bti, 32, NULL);
	CHECK_EQ(run("bti"), guarded);
	make_elf("pac", ET_EXEC, &pac, 32, NULL);
	CHECK_EQ(run("pac"), 7);
	/* Of two files the interpreter's word counts, for itself; it guards the program. */
	make_elf("ld-plain", ET_DYN, NULL, 0, NULL);
	make_elf("ld-bti", ET_DYN, &bti, 32, NULL);
	make_elf("bti-plain", ET_EXEC, &bti, 32, "ld-plain");
	CHECK_EQ(run("bti-plain"), 7);
	make_elf("plain-bti", ET_EXEC, NULL, 0, "ld-bti");
	CHECK_EQ(run("plain-bti"), guarded);
}

static const struct damage {
	struct note	note;
	size_t		size;
	int		result;		/* 1: it is good, and guarded */
} damages[] = {
	{ BTI_NOTE, 32, 1 },
	{ BTI_NOTE, 31, 100 + ENOEXEC },
	{ BTI_NOTE, 16, 100 + ENOEXEC },
	{ BTI_NOTE, 15, 100 + EIO },
	{ BTI_NOTE, 12, 100 + EIO },
	{ BTI_NOTE, 11, 100 + EIO },
	{ BTI_NOTE, 0, 100 + EIO },
	{ BTI_NOTE, 1025, 100 + ENOEXEC },
	{ { 5, 16, 5, "GNU", { 0xc0000000, 4, 1, 0 } }, 32, 100 + ENOEXEC },
	{ { 4, 16, 4, "GNU", { 0xc0000000, 4, 1, 0 } }, 32, 100 + ENOEXEC },
	{ { 4, 16, 5, "GNX", { 0xc0000000, 4, 1, 0 } }, 32, 100 + ENOEXEC },
	{ { 4, 17, 5, "GNU", { 0xc0000000, 4, 1, 0 } }, 32, 100 + ENOEXEC },
	{ { 4, 0, 5, "GNU", { 0 } }, 16, 7 },
	{ { 4, 4, 5, "GNU", { 0xc0000000, 4, 1, 0 } }, 32, 100 + ENOEXEC },
	{ { 4, 12, 5, "GNU", { 0xc0000000, 4, 1, 0 } }, 32, 100 + ENOEXEC },	/* without its padding */
	{ { 4, 16, 5, "GNU", { 0xc0000000, 9, 1, 0 } }, 32, 100 + ENOEXEC },
	{ { 4, 16, 5, "GNU", { 0xc0000000, 8, 1, 0 } }, 32, 100 + ENOEXEC },	/* features are one word */
	{ { 4, 16, 5, "GNU", { 0xc0000001, 8, 1, 0 } }, 32, 7 },
	{ { 4, 32, 5, "GNU", { 0xc0000000, 4, 1, 0, 0xc0000001, 4, 0, 0 } }, 48, 1 },
	{ { 4, 32, 5, "GNU", { 1, 4, 1, 0, 0xc0000000, 4, 1, 0 } }, 48, 1 },
	{ { 4, 32, 5, "GNU", { 0xc0000000, 4, 1, 0, 0xc0000000, 4, 1, 0 } }, 48, 100 + ENOEXEC },
	{ { 4, 32, 5, "GNU", { 0xc0000001, 4, 1, 0, 0xc0000000, 4, 1, 0 } }, 48, 100 + ENOEXEC },
};

TEST(damaged_properties)
{
	int guarded = have_bti() ? -SIGILL : 7, got, want;
	size_t i;

	if (sizeof(long) != 8)
		skip("these are 64-bit programs");
	for (i = 0; i < ARRAY_SIZE(damages); i++) {
		make_elf("e", ET_EXEC, &damages[i].note, damages[i].size, NULL);
		got = run("e");
		want = damages[i].result == 1 ? guarded : damages[i].result;
		if (got != want)
			note("note %zu", i);
		CHECK_EQ(got, want);
	}
	make_elf("ld", ET_DYN, &damages[1].note, 31, NULL);
	make_elf("e", ET_EXEC, NULL, 0, "ld");
	CHECK_EQ(run("e"), 100 + ENOEXEC);
	make_elf("ld", ET_DYN, NULL, 0, NULL);
	make_elf("e", ET_EXEC, &damages[1].note, 31, "ld");	/* nobody looks */
	CHECK_EQ(run("e"), 7);
}
