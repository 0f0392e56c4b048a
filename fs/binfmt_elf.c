// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF programs: fixed-address, position independent, and those with a dynamic linker.
 *
 * The headers are checked before begin_new_exec(), the segments after it, as on Linux: a program whose segments
 * are nonsense is killed.  Each segment is mapped from the page cache; where the memory size exceeds the file size
 * the rest of the last page is zeroed and further pages are anonymous.
 *
 * The port says which ABI a file is of (arch_user_abi()).  Headers of the other ELF class are widened when they
 * are read (elf_class.c), so only the words on the initial stack differ from then on.
 *
 * Locking: current's own new mm; vm_mmap() takes its lock.  Reference: the ELF specification (gABI), chapter 5,
 * and the processor supplements for AArch64 and ARM.
 */
#include <fs/elf_class.h>

#include <fs/vfs.h>
#include <kernel/lib/string.h>
#include <kernel/random.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define ELF_PAGEOFFSET(v)	((v) & (PAGE_SIZE - 1))
#define ELF_PAGESTART(v)	((v) & PAGE_MASK)
#define ELF_PAGEALIGN(v)	(((v) + PAGE_SIZE - 1) & PAGE_MASK)
#define MAX_PHDRS_SIZE		65536

/* One ELF file, the program or its interpreter. */
struct elf_image {
	const struct user_abi *abi;
	struct file	*file;
	elf_ehdr_t	hdr;
	elf_phdr_t	*phdrs;
	unsigned long	lo, hi;		/* extent of PT_LOAD, page aligned, before the bias */
	unsigned long	max_align;
	unsigned long	bias;		/* where it went, minus where it wanted to go */
	bool		bti;		/* its code has landing pads: PROT_BTI */
};

/* ---- headers --------------------------------------------------------------------------------- */

/* From the beginning of the file, as long as a native header. false: not a program for this machine. */
static bool parse_header(struct elf_image *img, const char *head)
{
	const unsigned char *ident = (const unsigned char *)head;
	elf_ehdr_t *h = &img->hdr;

	if (memcmp(ident, ELFMAG, SELFMAG) || ident[EI_DATA] != ELF_DATA)
		return false;
	elf_get_ehdr(h, head, ident[EI_CLASS]);
	img->abi = arch_user_abi(ident[EI_CLASS], h->e_machine, h->e_flags);
	return img->abi && h->e_phentsize == elf_phdr_size(ident[EI_CLASS]) && h->e_phnum;
}

static bool valid_type(const elf_ehdr_t *h)
{
	return h->e_type == ET_EXEC || h->e_type == ET_DYN;
}

static int read_exactly(struct file *file, void *buf, size_t len, loff_t pos)
{
	ssize_t n = kernel_read(file, buf, len, &pos);

	if (n < 0)
		return n;
	return (size_t)n == len ? 0 : -EIO;
}

/* One PT_LOAD: within the address space, the file part within the memory part, offset congruent. */
static bool valid_segment(const elf_phdr_t *p, unsigned long task_size)
{
	return p->p_filesz <= p->p_memsz && p->p_memsz <= task_size && p->p_vaddr <= task_size - p->p_memsz &&
	       ELF_PAGEOFFSET(p->p_vaddr) == ELF_PAGEOFFSET(p->p_offset) &&
	       p->p_offset + p->p_filesz >= p->p_offset;
}

/* The extent of what is to be mapped. -ENOEXEC: nothing, or nonsense. */
static int measure_segments(struct elf_image *img)
{
	unsigned long task_size = img->abi->task_size;
	bool any = false;
	int i;

	img->lo = ~0UL;
	img->max_align = PAGE_SIZE;
	for (i = 0; i < img->hdr.e_phnum; i++) {
		const elf_phdr_t *p = &img->phdrs[i];

		if (p->p_type != PT_LOAD)
			continue;
		if (!valid_segment(p, task_size))
			return -ENOEXEC;
		any = true;
		img->lo = min(img->lo, (unsigned long)ELF_PAGESTART(p->p_vaddr));
		img->hi = max(img->hi, (unsigned long)ELF_PAGEALIGN(p->p_vaddr + p->p_memsz));
		if (p->p_align > img->max_align && !(p->p_align & (p->p_align - 1)) && p->p_align < task_size)
			img->max_align = p->p_align;
	}
	return any && img->hi > img->lo ? 0 : -ENOEXEC;
}

/* @img->hdr and file are set. The program headers, checked; free with kfree(img->phdrs). */
static int load_phdrs(struct elf_image *img)
{
	unsigned int n = img->hdr.e_phnum;
	size_t size = n * elf_phdr_size(img->abi->elf_class);
	int err;

	if (size > MAX_PHDRS_SIZE)
		return -ENOEXEC;
	img->phdrs = kmalloc(n * sizeof(elf_phdr_t), GFP_KERNEL);
	if (!img->phdrs)
		return -ENOMEM;
	err = read_exactly(img->file, img->phdrs, size, img->hdr.e_phoff);
	if (!err)
		elf_widen_phdrs(img->phdrs, n, img->abi->elf_class);
	return err ? -ENOEXEC : 0;		/* cut off: not a program */
}

/* ---- the interpreter ------------------------------------------------------------------------- */

static char *read_interp_name(struct elf_image *img, const elf_phdr_t *p)
{
	char *name;
	int err;

	if (p->p_filesz < 2 || p->p_filesz > PATH_MAX)
		return ERR_PTR(-ENOEXEC);
	name = kmalloc(p->p_filesz, GFP_KERNEL);
	if (!name)
		return ERR_PTR(-ENOMEM);
	err = read_exactly(img->file, name, p->p_filesz, p->p_offset);
	if (!err && name[p->p_filesz - 1])
		err = -ENOEXEC;
	if (err) {
		kfree(name);
		return ERR_PTR(err);
	}
	return name;
}

/* Open what PT_INTERP names, if anything. interp->file stays NULL without one. */
static int open_interp(struct elf_image *img, struct elf_image *interp)
{
	char head[sizeof(elf_ehdr_t)] = "", *name;
	struct file *file;
	int i, err;

	for (i = 0; i < img->hdr.e_phnum && img->phdrs[i].p_type != PT_INTERP; i++)
		;
	if (i == img->hdr.e_phnum)
		return 0;
	name = read_interp_name(img, &img->phdrs[i]);
	if (IS_ERR(name))
		return PTR_ERR(name);
	file = do_open_execat(AT_FDCWD, name, 0);
	kfree(name);
	if (IS_ERR(file))
		return PTR_ERR(file);
	interp->file = file;
	err = read_exactly(file, head, elf_ehdr_size(img->abi->elf_class), 0);
	if (err)
		return err;
	if (!parse_header(interp, head) || interp->abi != img->abi)
		return -ELIBBAD;
	err = load_phdrs(interp);
	return err == -ENOEXEC ? -ELIBBAD : err;
}

static void close_interp(struct elf_image *interp)
{
	kfree(interp->phdrs);
	if (interp->file) {
		allow_write_access(interp->file);
		fput(interp->file);
	}
}

/* ---- mapping --------------------------------------------------------------------------------- */

static unsigned long segment_prot(const struct elf_image *img, const elf_phdr_t *p)
{
	return (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
	       (p->p_flags & PF_X ? PROT_EXEC | (img->bti ? arch_prot_bits() : 0) : 0);
}

/* Zero [from, end of its page): what the file has after the segment must not show. */
static int zero_tail(unsigned long from, const elf_phdr_t *p)
{
	unsigned long n = ELF_PAGEOFFSET(from);

	if (!n)
		return 0;
	if (clear_user((void __user *)from, PAGE_SIZE - n) && (p->p_flags & PF_W))
		return -EFAULT;
	return 0;			/* a read-only bss is the file's own affair */
}

/* The part of memory beyond the file's. */
static int map_bss(const elf_phdr_t *p, unsigned long bias)
{
	unsigned long file_end = bias + p->p_vaddr + p->p_filesz;
	unsigned long mem_end = bias + p->p_vaddr + p->p_memsz;
	unsigned long from = ELF_PAGEALIGN(file_end), to = ELF_PAGEALIGN(mem_end);
	int err = 0;

	if (p->p_memsz == p->p_filesz)
		return 0;
	if (p->p_filesz)
		err = zero_tail(file_end, p);
	else
		from = ELF_PAGESTART(file_end);
	if (!err && to > from)
		err = vm_brk_flags(from, to - from, p->p_flags & PF_X ? VM_EXEC : 0);
	return err;
}

static int map_segment(struct elf_image *img, const elf_phdr_t *p)
{
	unsigned long start = ELF_PAGESTART(p->p_vaddr), in_page = ELF_PAGEOFFSET(p->p_vaddr), addr;

	if (p->p_filesz) {
		addr = vm_mmap(img->file, img->bias + start, ELF_PAGEALIGN(p->p_filesz + in_page),
			       segment_prot(img, p), MAP_PRIVATE | MAP_FIXED, (p->p_offset - in_page) >> PAGE_SHIFT);
		if (IS_ERR_VALUE(addr))
			return (long)addr;
	}
	return map_bss(p, img->bias);
}

/* Find a free range for the whole of a position independent image. Nobody else can map anything before
 * the segments do, so it need not be held by a mapping. */
static int reserve_range(struct elf_image *img, unsigned long hint)
{
	unsigned long size = img->hi - img->lo, slack = img->max_align - PAGE_SIZE, addr, want;
	struct mm_struct *mm = current->mm;

	mmap_write_lock(mm);
	addr = get_unmapped_area(mm, hint, size + slack, 0);
	mmap_write_unlock(mm);
	if (IS_ERR_VALUE(addr))
		return (long)addr;
	want = ((addr + slack) & ~(img->max_align - 1)) + (img->lo & (img->max_align - 1) & PAGE_MASK);
	if (want < addr || want + size > addr + size + slack)
		want = addr;
	img->bias = want - img->lo;
	return 0;				/* holes between segments stay holes */
}

static int map_image(struct elf_image *img)
{
	int i, err = 0;

	for (i = 0; i < img->hdr.e_phnum && !err; i++)
		if (img->phdrs[i].p_type == PT_LOAD)
			err = map_segment(img, &img->phdrs[i]);
	return err;
}

/* Where a position independent program goes: its own region if a linker shares the address space with it. */
static int place_program(struct elf_image *img, bool has_interp)
{
	unsigned long hint = 0;

	if (img->hdr.e_type == ET_EXEC)
		return 0;
	if (has_interp) {
		hint = img->abi->et_dyn_base;
		if (current->flags & PF_RANDOMIZE)
			hint += (get_random_long() & ((1UL << img->abi->mmap_rnd_bits) - 1)) << PAGE_SHIFT;
	}
	return reserve_range(img, hint & ~(img->max_align - 1));
}

/* Where code and data are, for /proc and brk. */
static void set_mm_layout(struct elf_image *img)
{
	unsigned long start_code = ~0UL, end_code = 0, start_data = 0, end_data = 0, brk = 0;
	struct mm_struct *mm = current->mm;
	int i;

	for (i = 0; i < img->hdr.e_phnum; i++) {
		const elf_phdr_t *p = &img->phdrs[i];

		if (p->p_type != PT_LOAD)
			continue;
		if (p->p_flags & PF_X) {
			start_code = min(start_code, (unsigned long)p->p_vaddr);
			end_code = max(end_code, (unsigned long)(p->p_vaddr + p->p_filesz));
		}
		start_data = max(start_data, (unsigned long)p->p_vaddr);
		end_data = max(end_data, (unsigned long)(p->p_vaddr + p->p_filesz));
		brk = max(brk, (unsigned long)(p->p_vaddr + p->p_memsz));
	}
	if (start_code == ~0UL)
		start_code = img->lo;
	spin_lock(&mm->arg_lock);
	mm->start_code = start_code + img->bias;
	mm->end_code = end_code + img->bias;
	mm->start_data = start_data + img->bias;
	mm->end_data = end_data + img->bias;
	spin_unlock(&mm->arg_lock);
	mm->start_brk = mm->brk = ELF_PAGEALIGN(brk + img->bias);
}

/* The heap begins a random way above the bss; a static PIE's away from the mappings it lies among. */
static void randomize_brk(struct elf_image *img, bool has_interp)
{
	struct mm_struct *mm = current->mm;

	if (!(current->flags & PF_RANDOMIZE))
		return;
	if (img->hdr.e_type == ET_DYN && !has_interp)
		mm->brk = mm->start_brk = img->abi->et_dyn_base;
	mm->brk = mm->start_brk = ELF_PAGEALIGN(mm->brk + get_random_long() % img->abi->brk_rnd);
}

/* ---- what the program finds on its stack ----------------------------------------------------- */

struct auxv {
	unsigned long	*at;		/* into mm->saved_auxv */
};

static void aux(struct auxv *v, unsigned long type, unsigned long value)
{
	*v->at++ = type;
	*v->at++ = value;
}

/* Bytes of the stack below *sp for @data; the user address, or an error value. */
static unsigned long push_bytes(unsigned long *sp, const void *data, size_t len)
{
	*sp -= len;
	return copy_to_user((void __user *)*sp, data, len) ? -EFAULT : *sp;
}

/* Returns its size in bytes, in the program's words. */
static unsigned int fill_auxv(struct linux_binprm *bprm, struct elf_image *img, unsigned long interp_base,
			      unsigned long vdso, unsigned long platform, unsigned long random)
{
	struct mm_struct *mm = current->mm;
	const struct cred *c = current_cred();
	struct auxv v = { .at = mm->saved_auxv };
	unsigned long phdr = 0;
	int i;

	for (i = 0; i < img->hdr.e_phnum; i++) {
		const elf_phdr_t *p = &img->phdrs[i];

		if (p->p_type == PT_PHDR)
			phdr = img->bias + p->p_vaddr;
		else if (p->p_type == PT_LOAD && !phdr && img->hdr.e_phoff >= p->p_offset &&
			 img->hdr.e_phoff < p->p_offset + p->p_filesz)
			phdr = img->bias + p->p_vaddr + img->hdr.e_phoff - p->p_offset;
	}
	memset(mm->saved_auxv, 0, sizeof(mm->saved_auxv));
	if (vdso)
		aux(&v, AT_SYSINFO_EHDR, vdso);
	if (img->abi->min_sigstack)
		aux(&v, AT_MINSIGSTKSZ, img->abi->min_sigstack);
	aux(&v, AT_HWCAP, arch_hwcap());
	aux(&v, AT_PAGESZ, PAGE_SIZE);
	aux(&v, AT_CLKTCK, USER_HZ);
	aux(&v, AT_PHDR, phdr);
	aux(&v, AT_PHENT, img->hdr.e_phentsize);
	aux(&v, AT_PHNUM, img->hdr.e_phnum);
	aux(&v, AT_BASE, interp_base);
	aux(&v, AT_FLAGS, bprm->preserve_argv0 ? AT_FLAGS_PRESERVE_ARGV0 : 0);
	aux(&v, AT_ENTRY, img->bias + img->hdr.e_entry);
	aux(&v, AT_UID, uid_to_user(c->uid));
	aux(&v, AT_EUID, uid_to_user(c->euid));
	aux(&v, AT_GID, gid_to_user(c->gid));
	aux(&v, AT_EGID, gid_to_user(c->egid));
	aux(&v, AT_SECURE, bprm->secureexec);
	aux(&v, AT_RANDOM, random);
	aux(&v, AT_HWCAP2, arch_hwcap2());
	aux(&v, AT_EXECFN, bprm->stack_top - bprm->exec_off);
	if (platform)
		aux(&v, AT_PLATFORM, platform);
	if (bprm->have_execfd)
		aux(&v, AT_EXECFD, bprm->execfd);
	aux(&v, AT_NULL, 0);
	return elf_narrow_words(mm->saved_auxv, v.at - mm->saved_auxv, img->abi->elf_class);
}

/* One word of the program's size at *to, which moves on. */
static int put_word(unsigned long *to, unsigned long val, unsigned int word_size)
{
	unsigned long at = *to;

	*to += word_size;
	if (word_size < sizeof(long))
		return put_user((u32)val, (u32 __user *)at);
	return put_user(val, (unsigned long __user *)at);
}

/* argv[] or envp[]: @n pointers to the strings that lie one after the other from @str on. */
static int put_pointers(unsigned long *to, int n, unsigned long *str, unsigned int word_size)
{
	while (n-- > 0) {
		long len = strnlen_user((const char __user *)*str, MAX_ARG_STRLEN);

		if (!len || len > MAX_ARG_STRLEN || put_word(to, *str, word_size))
			return -EFAULT;
		*str += len;
	}
	return put_word(to, 0, word_size);
}

/* argc, argv, envp and the auxiliary vector, 16-byte aligned, below the strings. Returns sp, 0 on a fault. */
static unsigned long create_tables(struct linux_binprm *bprm, struct elf_image *img, unsigned long interp_base,
				   unsigned long vdso)
{
	const char *plat = arch_elf_platform();
	struct mm_struct *mm = current->mm;
	unsigned long sp = bprm->p & ~15UL, platform = 0, random, str, to;
	unsigned int word_size = img->abi->word_size, auxv_size;
	u64 seed[2];

	if (plat) {
		platform = push_bytes(&sp, plat, strlen(plat) + 1);
		if (IS_ERR_VALUE(platform))
			return 0;
	}
	/* From this CPU's batch, which is erased as it is used: no key setup for 16 bytes. */
	seed[0] = get_random_u64();
	seed[1] = get_random_u64();
	random = push_bytes(&sp, seed, sizeof(seed));
	if (IS_ERR_VALUE(random))
		return 0;
	auxv_size = fill_auxv(bprm, img, interp_base, vdso, platform, random);
	sp = (sp - (1 + bprm->argc + 1 + bprm->envc + 1) * word_size - auxv_size) & ~15UL;
	to = sp;
	if (put_word(&to, bprm->argc, word_size))
		return 0;
	spin_lock(&mm->arg_lock);
	mm->arg_start = bprm->p;
	mm->arg_end = mm->env_start = bprm->stack_top - bprm->env_off;
	mm->env_end = bprm->stack_top - bprm->exec_off;
	spin_unlock(&mm->arg_lock);
	str = bprm->p;
	if (put_pointers(&to, bprm->argc, &str, word_size) || put_pointers(&to, bprm->envc, &str, word_size) ||
	    copy_to_user((void __user *)to, mm->saved_auxv, auxv_size))
		return 0;
	return sp;
}

/* ---- the format ------------------------------------------------------------------------------ */

static unsigned long random_stack_top(const struct user_abi *abi)
{
	unsigned long top = abi->stack_top;

	if (current->flags & PF_RANDOMIZE)
		top -= (get_random_long() & abi->stack_rnd_pages) << PAGE_SHIFT;
	return ELF_PAGEALIGN(top);
}

static int stack_executability(const struct elf_image *img)
{
	int i;

	for (i = 0; i < img->hdr.e_phnum; i++)
		if (img->phdrs[i].p_type == PT_GNU_STACK)
			return img->phdrs[i].p_flags & PF_X ? EXSTACK_ENABLE_X : EXSTACK_DISABLE_X;
	return EXSTACK_DEFAULT;
}

/* After the point of no return. */
static int build_image(struct linux_binprm *bprm, struct elf_image *img, struct elf_image *interp)
{
	struct pt_regs *regs = task_pt_regs(current);
	unsigned long entry, sp, vdso = 0;
	int err;

	err = bprm_install_stack(bprm, random_stack_top(img->abi), stack_executability(img));
	if (!err)
		err = place_program(img, interp->file);
	if (!err)
		err = map_image(img);
	if (err)
		return err;
	set_mm_layout(img);
	randomize_brk(img, interp->file);
	entry = img->bias + img->hdr.e_entry;
	if (interp->file) {
		if (interp->hdr.e_type == ET_DYN)
			err = reserve_range(interp, 0);
		if (!err)
			err = map_image(interp);
		if (err)
			return err;
		entry = interp->bias + interp->hdr.e_entry;
	}
	if (entry >= img->abi->task_size)
		return -EINVAL;
	mmap_write_lock(current->mm);
	err = arch_map_vdso(current->mm, &vdso);
	mmap_write_unlock(current->mm);
	if (err)
		return err;
	if ((current->personality & MMAP_PAGE_ZERO) && capable(CAP_SYS_RAWIO))
		vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_EXEC, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, 0);
	sp = create_tables(bprm, img, interp->file ? interp->bias + interp->lo : 0, vdso);
	if (!sp)
		return -EFAULT;
	start_thread(regs, entry, sp);
	return 0;
}

static int measure_both(struct elf_image *img, struct elf_image *interp)
{
	int err = measure_segments(img);

	if (!err && interp->file)
		err = valid_type(&interp->hdr) ? measure_segments(interp) : -ENOEXEC;
	return err;
}

/* Only of what the kernel starts: a dynamic linker guards the program itself. */
static int check_properties(struct elf_image *img)
{
	return elf_check_properties(img->file, img->phdrs, img->hdr.e_phnum, img->abi, &img->bti);
}

static int load_elf_binary(struct linux_binprm *bprm)
{
	struct elf_image img = { .file = bprm->file }, interp = {};
	int err;

	if (!parse_header(&img, bprm->buf) || !valid_type(&img.hdr))
		return -ENOEXEC;
	bprm->abi = img.abi;
	err = load_phdrs(&img);
	if (!err)
		err = open_interp(&img, &interp);
	if (!err)
		err = check_properties(interp.file ? &interp : &img);
	if (!err)
		err = begin_new_exec(bprm);
	if (!err) {
		current->personality = (current->personality & ~img.abi->per_clear) | img.abi->per_set;
		if (stack_executability(&img) == EXSTACK_DEFAULT && img.abi->default_exec)
			current->personality |= READ_IMPLIES_EXEC;
		setup_new_exec(bprm);
		err = measure_both(&img, &interp);
		if (!err)
			err = build_image(bprm, &img, &interp);
	}
	close_interp(&interp);
	kfree(img.phdrs);
	return err;
}

struct linux_binfmt elf_format = { .load_binary = load_elf_binary };
