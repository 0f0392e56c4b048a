// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contents of a core dump: an ELF file of type ET_CORE with one PT_NOTE, the registers of all threads and
 * what else a debugger wants to know, and one PT_LOAD for each mapping.  What is not dumped of a mapping has a
 * file size of 0 or, where there is only a page of it, less than its memory size.
 *
 * All headers are made in memory first, from a snapshot of the mappings: another process may share the address
 * space and change it while we write.  Pages are looked up one by one then; what was unmapped reads as zeros.
 *
 * Locking: mmap_lock for the snapshot and each page.  The threads do not run: see coredump.c.
 */
#include <fs/core_abi.h>

#include <fs/elf_class.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/align.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

struct mapping {
	unsigned long	start, end;
	unsigned long	flags;		/* VM_* */
	unsigned long	dumped;		/* bytes from start on */
	unsigned long	pgoff;
	struct file	*file;		/* reference, or NULL */
	bool		if_elf;		/* its first page, if that begins an ELF file */
};

/* Bytes that are gathered in memory. */
struct text {
	char	*data;
	size_t	size, used;
};

struct elf_core {
	struct mapping	*maps;
	unsigned int	nr_maps;
	struct text	notes;
};

/* ---- which mappings, and how much of them ---------------------------------------------------- */

/* Bits of /proc/<pid>/coredump_filter. */
#define DUMP_ANON_PRIVATE	0x01
#define DUMP_ANON_SHARED	0x02
#define DUMP_MAPPED_PRIVATE	0x04
#define DUMP_MAPPED_SHARED	0x08
#define DUMP_ELF_HEADERS	0x10

static bool wants_whole(struct vm_area_struct *vma, unsigned int filter)
{
	bool unlinked = vma->vm_file && !file_inode(vma->vm_file)->i_nlink;

	if (vma->vm_flags & VM_SHARED)
		return filter & (unlinked ? DUMP_ANON_SHARED : DUMP_MAPPED_SHARED);
	if ((filter & DUMP_ANON_PRIVATE) && vma_was_written(vma))
		return true;
	return vma->vm_file && (filter & DUMP_MAPPED_PRIVATE);
}

/* The headers of a program tell which one it was. */
static bool wants_headers(const struct vm_area_struct *vma, unsigned int filter)
{
	return vma->vm_file && !vma->vm_pgoff && !(vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_READ) &&
	       (filter & DUMP_ELF_HEADERS);
}

static void fill_mapping(struct mapping *m, struct vm_area_struct *vma, unsigned int filter)
{
	bool kernels_own = vma->vm_ops && vma->vm_ops->name && vma->vm_ops->name(vma);

	*m = (struct mapping){ .start = vma->vm_start, .end = vma->vm_end, .flags = vma->vm_flags,
			       .pgoff = vma->vm_pgoff };
	if (vma->vm_file)
		m->file = get_file(vma->vm_file);
	if (kernels_own) {			/* [vdso] and the like: no file has them */
		m->dumped = m->end - m->start;
	} else if (vma->vm_flags & (VM_DONTDUMP | VM_IO)) {
		return;
	} else if (wants_whole(vma, filter)) {
		m->dumped = m->end - m->start;
	} else if (wants_headers(vma, filter)) {
		m->dumped = PAGE_SIZE;
		m->if_elf = !(file_inode(vma->vm_file)->i_mode & 0111);
	}
}

/* Not under mmap_lock: this may fault. */
static void check_elf_magic(struct mapping *m)
{
	char magic[SELFMAG];

	if (copy_from_user(magic, (const void __user *)m->start, SELFMAG) || memcmp(magic, ELFMAG, SELFMAG))
		m->dumped = 0;
}

static bool snapshot_mappings(struct elf_core *core)
{
	unsigned int filter = get_dump_filter(current->mm), i;
	struct vm_area_struct *vma, *gate = arch_gate_vma();
	struct mm_struct *mm = current->mm;

	mmap_read_lock(mm);
	core->maps = kvmalloc((mm->map_count + 1) * sizeof(*core->maps), GFP_KERNEL);
	if (core->maps) {
		for_each_vma(mm, vma)
			fill_mapping(&core->maps[core->nr_maps++], vma, filter);
		if (gate)
			fill_mapping(&core->maps[core->nr_maps++], gate, filter);
	}
	mmap_read_unlock(mm);
	for (i = 0; i < core->nr_maps; i++)
		if (core->maps[i].if_elf)
			check_elf_magic(&core->maps[i]);
	return core->maps;
}

static void free_mappings(struct elf_core *core)
{
	for (unsigned int i = 0; i < core->nr_maps; i++)
		if (core->maps[i].file)
			fput(core->maps[i].file);
	kvfree(core->maps);
}

/* ---- notes ----------------------------------------------------------------------------------- */

/* Room for @n more bytes, zeroed; NULL: no memory. */
static void *text_add(struct text *t, size_t n)
{
	size_t size = max(2 * t->size, t->used + n + PAGE_SIZE);
	char *data;

	if (t->used + n > t->size) {
		data = kvmalloc(size, GFP_KERNEL);
		if (!data)
			return NULL;
		memcpy(data, t->data, t->used);
		kvfree(t->data);
		t->data = data;
		t->size = size;
	}
	data = t->data + t->used;
	t->used += n;
	return memset(data, 0, n);
}

/* A note with room for @n bytes, which the caller fills in before it adds the next one. */
static void *add_note(struct elf_core *core, const char *name, u32 type, size_t n)
{
	size_t namesz = strlen(name) + 1, head = sizeof(Elf32_Nhdr) + ALIGN(namesz, 4);
	char *note = text_add(&core->notes, head + ALIGN(n, 4));

	if (!note)
		return NULL;
	*(Elf32_Nhdr *)note = (Elf32_Nhdr){ .n_namesz = namesz, .n_descsz = n, .n_type = type };
	memcpy(note + sizeof(Elf32_Nhdr), name, namesz);
	return note + head;
}

static bool add_filled(struct elf_core *core, u32 type, const void *data, size_t n)
{
	void *to = add_note(core, "CORE", type, n);

	if (to)
		memcpy(to, data, n);
	return to;
}

/* Their layouts are <sys/procfs.h>'s. */
struct core_prstatus {
	int		si_signo, si_code, si_errno;
	short		pr_cursig;
	core_ulong_t	pr_sigpend, pr_sighold;
	pid_t		pr_pid, pr_ppid, pr_pgrp, pr_sid;
	struct { core_long_t sec, usec; } pr_utime, pr_stime, pr_cutime, pr_cstime;
	core_ulong_t	pr_reg[CORE_NGREG];
	int		pr_fpvalid;
};
static_assert(sizeof(struct core_prstatus) == (sizeof(core_long_t) == 8 ? 392 : 148));

struct core_prpsinfo {
	char		pr_state, pr_sname, pr_zomb, pr_nice;
	core_ulong_t	pr_flag;
	core_id_t	pr_uid, pr_gid;
	pid_t		pr_pid, pr_ppid, pr_pgrp, pr_sid;
	char		pr_fname[TASK_COMM_LEN];
	char		pr_psargs[80];
};
static_assert(sizeof(struct core_prpsinfo) == (sizeof(core_long_t) == 8 ? 136 : 124));

#define SET_TIME(field, ns) do {						\
	(field).sec = div_u64(ns, NSEC_PER_SEC);				\
	(field).usec = div_u64((ns) - (u64)(field).sec * NSEC_PER_SEC, 1000);	\
} while (0)

static bool add_prstatus(struct elf_core *core, struct task_struct *t, int sig)
{
	struct core_prstatus *st = add_note(core, "CORE", NT_PRSTATUS, sizeof(*st));
	u64 utime, stime;

	if (!st)
		return false;
	st->si_signo = st->pr_cursig = sig;
	st->pr_sigpend = t->pending.signal;
	st->pr_sighold = t->blocked;
	st->pr_pid = task_pid_vnr(t);
	st->pr_pgrp = task_pgrp_vnr(t);
	st->pr_sid = task_session_vnr(t);
	read_lock(&tasklist_lock);
	st->pr_ppid = task_tgid_vnr(t->real_parent);
	if (thread_group_leader(t))
		thread_group_cputime(t, &utime, &stime);
	else
		task_cputime(t, &utime, &stime);
	read_unlock(&tasklist_lock);
	SET_TIME(st->pr_utime, utime);
	SET_TIME(st->pr_stime, stime);
	SET_TIME(st->pr_cutime, t->signal->cutime);
	SET_TIME(st->pr_cstime, t->signal->cstime);
	st->pr_fpvalid = sizeof(core_long_t) == 8;
	return !arch_regset_view(t)->sets[0].get(t, st->pr_reg, 0, sizeof(st->pr_reg));
}

static bool add_regset(struct elf_core *core, struct task_struct *t, const struct user_regset *set)
{
	size_t n = set->n * set->size;
	void *to = add_note(core, set->note_type == NT_PRFPREG ? "CORE" : "LINUX", set->note_type, n);

	return to && !set->get(t, to, 0, n);
}

static bool add_other_regsets(struct elf_core *core, struct task_struct *t)
{
	const struct user_regset_view *view = arch_regset_view(t);

	for (unsigned int i = 1; i < view->n; i++)
		if (!add_regset(core, t, &view->sets[i]))
			return false;
	return true;
}

static void copy_arguments(char *to, size_t size)
{
	struct mm_struct *mm = current->mm;
	size_t n = min_t(size_t, mm->arg_end - mm->arg_start, size - 1);

	n -= copy_from_user(to, (const void __user *)mm->arg_start, n);
	for (size_t i = 0; i < n; i++)
		if (!to[i])
			to[i] = ' ';
}

static bool add_prpsinfo(struct elf_core *core)
{
	struct core_prpsinfo *ps = add_note(core, "CORE", NT_PRPSINFO, sizeof(*ps));
	const struct cred *cred = current->real_cred;

	if (!ps)
		return false;
	ps->pr_sname = 'R';
	ps->pr_nice = task_nice(current);
	ps->pr_flag = current->flags;
	ps->pr_uid = cred->uid;
	ps->pr_gid = cred->gid;
	ps->pr_pid = task_tgid_vnr(current);
	ps->pr_pgrp = task_pgrp_vnr(current);
	ps->pr_sid = task_session_vnr(current);
	read_lock(&tasklist_lock);
	ps->pr_ppid = task_tgid_vnr(current->real_parent);
	read_unlock(&tasklist_lock);
	get_task_comm(ps->pr_fname, current);
	copy_arguments(ps->pr_psargs, sizeof(ps->pr_psargs));
	return true;
}

static bool add_auxv(struct elf_core *core)
{
	return add_filled(core, NT_AUXV, current->mm->saved_auxv, elf_auxv_size(current->mm));
}

/* NT_FILE: a count, the page size, (start, end, offset in pages) of each mapping of a file, their names. */
static bool gather_files(struct elf_core *core, struct text *ranges, struct text *names, char *buf)
{
	core_ulong_t *range = text_add(ranges, 2 * sizeof(*range)), count = 0;

	for (unsigned int i = 0; range && i < core->nr_maps; i++) {
		const struct mapping *m = &core->maps[i];
		const char *path = m->file ? d_path(&m->file->f_path, buf, PATH_MAX) : NULL;
		char *name;

		if (IS_ERR_OR_NULL(path))
			continue;
		name = text_add(names, strlen(path) + 1);
		range = text_add(ranges, 3 * sizeof(*range));
		if (!name || !range)
			return false;
		strcpy(name, path);
		range[0] = m->start;
		range[1] = m->end;
		range[2] = m->pgoff;
		count++;
	}
	if (range) {
		((core_ulong_t *)ranges->data)[0] = count;
		((core_ulong_t *)ranges->data)[1] = PAGE_SIZE;
	}
	return range;
}

static bool add_files(struct elf_core *core)
{
	struct text ranges = {}, names = {};
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *to;
	bool good = buf && gather_files(core, &ranges, &names, buf);

	if (good) {
		to = add_note(core, "CORE", NT_FILE, ranges.used + names.used);
		good = to;
		if (good) {
			memcpy(to, ranges.data, ranges.used);
			memcpy(to + ranges.used, names.data, names.used);
		}
	}
	kfree(buf);
	kvfree(ranges.data);
	kvfree(names.data);
	return good;
}

/* The thread that dumps comes first: it is the one to look at. */
static bool make_notes(struct elf_core *core, const struct core_dump *dump)
{
	int sig = dump->info->si_signo;
	struct core_thread *thread;
	core_siginfo_t info;

	core_fill_siginfo(&info, dump->info);
	if (!add_prstatus(core, current, sig) || !add_prpsinfo(core) ||
	    !add_filled(core, NT_SIGINFO, &info, sizeof(info)) || !add_auxv(core) ||
	    !add_files(core) || !add_other_regsets(core, current))
		return false;
	list_for_each_entry(thread, &dump->state->threads, entry)
		if (!add_prstatus(core, thread->task, sig) || !add_other_regsets(core, thread->task))
			return false;
	return true;
}

/* ---- headers --------------------------------------------------------------------------------- */

/* More segments than e_phnum can tell: their number is in the one section header, at the end of the file. */
static unsigned int nr_segments(const struct elf_core *core)
{
	return core->nr_maps + 1;
}

static bool many_segments(const struct elf_core *core)
{
	return nr_segments(core) >= PN_XNUM;
}

static loff_t notes_offset(const struct elf_core *core)
{
	return sizeof(core_ehdr_t) + (loff_t)nr_segments(core) * sizeof(core_phdr_t);
}

static loff_t data_offset(const struct elf_core *core)
{
	return ALIGN(notes_offset(core) + core->notes.used, (loff_t)ELF_EXEC_PAGESIZE);
}

static loff_t data_size(const struct elf_core *core)
{
	loff_t size = 0;

	for (unsigned int i = 0; i < core->nr_maps; i++)
		size += core->maps[i].dumped;
	return size;
}

static bool emit_ehdr(struct elf_core *core, struct core_dump *dump)
{
	core_ehdr_t h = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, CORE_CLASS, ELF_DATA, EV_CURRENT, ELFOSABI_NONE },
		.e_type = ET_CORE, .e_machine = CORE_MACHINE, .e_version = EV_CURRENT, .e_phoff = sizeof(h),
		.e_flags = CORE_EFLAGS, .e_ehsize = sizeof(h), .e_phentsize = sizeof(core_phdr_t),
		.e_phnum = nr_segments(core),
	};

	if (many_segments(core)) {
		h.e_phnum = PN_XNUM;
		h.e_shoff = data_offset(core) + data_size(core);
		h.e_shentsize = sizeof(core_shdr_t);
		h.e_shnum = 1;
	}
	return dump_emit(dump, &h, sizeof(h));
}

static bool emit_phdrs(struct elf_core *core, struct core_dump *dump)
{
	loff_t offset = data_offset(core);
	core_phdr_t note = { .p_type = PT_NOTE, .p_offset = notes_offset(core), .p_filesz = core->notes.used };
	bool good = dump_emit(dump, &note, sizeof(note));

	for (unsigned int i = 0; good && i < core->nr_maps; i++) {
		const struct mapping *m = &core->maps[i];
		core_phdr_t p = {
			.p_type = PT_LOAD, .p_offset = offset, .p_vaddr = m->start, .p_filesz = m->dumped,
			.p_memsz = m->end - m->start, .p_align = ELF_EXEC_PAGESIZE,
			.p_flags = (m->flags & VM_READ ? PF_R : 0) | (m->flags & VM_WRITE ? PF_W : 0) |
				   (m->flags & VM_EXEC ? PF_X : 0),
		};

		good = dump_emit(dump, &p, sizeof(p));
		offset += m->dumped;
	}
	return good;
}

static bool emit_segment_count(struct elf_core *core, struct core_dump *dump)
{
	core_shdr_t sh = { .sh_type = SHT_NULL, .sh_size = 1, .sh_info = nr_segments(core) };

	return !many_segments(core) || dump_emit(dump, &sh, sizeof(sh));
}

/* ---- memory ---------------------------------------------------------------------------------- */

static bool emit_mapping(struct core_dump *dump, const struct mapping *m)
{
	unsigned long at = m->start, addr = m->start, end = m->start + m->dumped;
	struct page *page;
	bool good = true;

	if (m->start >= TASK_SIZE)		/* the gate page: the kernel's, at the same address */
		return dump_emit(dump, (const void *)m->start, m->dumped);
	while (good && (page = next_dump_page(&addr, end))) {
		dump_skip(dump, addr - at);
		good = dump_emit(dump, page_address(page), PAGE_SIZE);
		put_page(page);
		addr += PAGE_SIZE;
		at = addr;
	}
	if (good)
		dump_skip(dump, end - at);
	return good;
}

static bool emit_memory(struct elf_core *core, struct core_dump *dump)
{
	for (unsigned int i = 0; i < core->nr_maps; i++)
		if (!emit_mapping(dump, &core->maps[i]))
			return false;
	return true;
}

bool elf_core_dump(struct core_dump *dump)
{
	struct elf_core core = {};
	bool dumped = snapshot_mappings(&core) && make_notes(&core, dump);

	if (dumped && emit_ehdr(&core, dump) && emit_phdrs(&core, dump) &&
	    dump_emit(dump, core.notes.data, core.notes.used)) {
		dump_skip(dump, data_offset(&core) - notes_offset(&core) - core.notes.used);
		if (emit_memory(&core, dump))
			emit_segment_count(&core, dump);
	}
	kvfree(core.notes.data);
	free_mappings(&core);
	return dumped;
}
