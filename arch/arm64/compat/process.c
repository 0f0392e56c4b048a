// SPDX-License-Identifier: GPL-2.0-only
/*
 * 32-bit programs: which there are, how they start, what exec maps into them, and what they are told of the CPU.
 * No locks: a task's own business, but for compat_map_pages() (mmap_lock for write).
 */
#include <fs/seq_file.h>
#include <kernel/compat.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/time/vdso_map.h>
#include <mm/mm.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/elf.h>

/* AT_HWCAP and AT_HWCAP2 of the arm ABI, whose UAPI header this port does not include. */
#define COMPAT_HWCAP_ALWAYS	0x00168096	/* half, thumb, fast multiply, edsp, tls, idiva, idivt, lpae */
#define COMPAT_HWCAP_NEON	(1 << 12)
#define COMPAT_HWCAP_VFP	(1 << 6)
#define COMPAT_HWCAP_VFPv3	(1 << 13)
#define COMPAT_HWCAP_VFPv4	(1 << 16)
#define COMPAT_HWCAP_EVTSTRM	(1 << 21)

static const struct user_abi native_abi = {
	.elf_class = ELFCLASS64, .word_size = sizeof(u64), .task_size = TASK_SIZE, .stack_top = STACK_TOP,
	.unmapped_base = TASK_UNMAPPED_BASE, .et_dyn_base = ELF_ET_DYN_BASE, .brk_rnd = 1UL << 30,
	.stack_rnd_pages = STACK_RND_PAGES, .mmap_rnd_bits = MMAP_RND_BITS,
	.min_sigstack = 4720,		/* the largest signal frame, without SVE */
	.per_clear = READ_IMPLIES_EXEC,
	.feature_property = GNU_PROPERTY_AARCH64_FEATURE_1_AND, .bti_feature = GNU_PROPERTY_AARCH64_FEATURE_1_BTI,
};
static const struct user_abi compat_abi = {
	.elf_class = ELFCLASS32, .word_size = sizeof(u32), .task_size = TASK_SIZE_32, .stack_top = VECTORS_BASE_32,
	.unmapped_base = TASK_UNMAPPED_BASE_32, .et_dyn_base = ELF_ET_DYN_BASE_32, .brk_rnd = 1UL << 25,
	.stack_rnd_pages = STACK_RND_PAGES_32, .mmap_rnd_bits = MMAP_RND_BITS_32, .default_exec = true,
	.feature_property = GNU_PROPERTY_AARCH64_FEATURE_1_AND,	/* looked at, and of no effect */
};

const struct user_abi *arch_user_abi(unsigned int elf_class, unsigned int machine, unsigned int flags)
{
	if (elf_class == ELFCLASS64 && machine == EM_AARCH64)
		return &native_abi;
	if (elf_class == ELFCLASS32 && machine == EM_ARM && (flags & EF_ARM_EABI_MASK) && cpu_has_aarch32)
		return &compat_abi;
	return NULL;
}

void arch_set_user_abi(const struct user_abi *abi)
{
	if (abi == &compat_abi)
		set_task_flag(current, TIF_32BIT);
	else if (is_compat_task())
		clear_task_flag(current, TIF_32BIT);
}

/* Bit 0 of an address says that Thumb code is there. */
void compat_start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp)
{
	regs->pc = pc & ~1UL;
	regs->regs[COMPAT_REG_SP] = sp;
	regs->pstate = PSR_MODE32_BIT | (pc & 1 ? COMPAT_PSR_T_BIT : 0);
}

int compat_map_pages(struct mm_struct *mm, unsigned long *ehdr)
{
	static const struct vdso_image vdso = { compat_vdso_start, compat_vdso_end };
	struct page *vectors = virt_to_page(compat_vectors_page), *sigpage = virt_to_page(compat_sigpage);
	const unsigned long flags = VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC;
	unsigned long addr = get_unmapped_area(mm, 0, PAGE_SIZE + vdso_map_len(&vdso), 0);
	struct vm_area_struct *vma;

	if (IS_ERR_VALUE(addr))
		return -ENOMEM;
	vma = install_special_mapping(mm, addr, PAGE_SIZE, flags, "[sigpage]", &sigpage);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	special_mapping_is_home(vma);
	vma = vdso_map(mm, addr + PAGE_SIZE, &vdso);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	*ehdr = vma->vm_start;
	vma = install_special_mapping(mm, VECTORS_BASE_32, PAGE_SIZE, flags, "[vectors]", &vectors);
	return PTR_ERR_OR_ZERO(vma);
}

static unsigned int field(u64 reg, unsigned int shift)
{
	return reg >> shift & 0xf;
}

unsigned long compat_hwcap(void)
{
	u64 mvfr0 = read_sysreg(mvfr0_el1), mvfr1 = read_sysreg(mvfr1_el1);
	unsigned long caps = COMPAT_HWCAP_ALWAYS | COMPAT_HWCAP_EVTSTRM;

	if (field(mvfr1, 8) && field(mvfr1, 12) && field(mvfr1, 16))	/* SIMD loads, integers, floats */
		caps |= COMPAT_HWCAP_NEON;
	if (field(mvfr1, 28))						/* fused multiply-add */
		caps |= COMPAT_HWCAP_VFPv4;
	if (field(mvfr0, 8) >= 2)					/* double precision */
		caps |= COMPAT_HWCAP_VFP | COMPAT_HWCAP_VFPv3;
	return caps;
}

void compat_show_features(struct seq_file *m)
{
	static const struct {
		u32		bit;
		const char	*name;
	} names[] = {
		{ 1 << 1, "half" }, { 1 << 2, "thumb" }, { 1 << 4, "fastmult" }, { COMPAT_HWCAP_VFP, "vfp" },
		{ 1 << 7, "edsp" }, { COMPAT_HWCAP_NEON, "neon" }, { COMPAT_HWCAP_VFPv3, "vfpv3" },
		{ 1 << 15, "tls" }, { COMPAT_HWCAP_VFPv4, "vfpv4" }, { 1 << 17, "idiva" }, { 1 << 18, "idivt" },
		{ 1 << 20, "lpae" }, { COMPAT_HWCAP_EVTSTRM, "evtstrm" },
	};
	static const char *const names2[] = { "aes", "pmull", "sha1", "sha2", "crc32" };
	unsigned long caps = compat_hwcap(), caps2 = compat_hwcap2();

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		if (caps & names[i].bit)
			seq_printf(m, " %s", names[i].name);
	for (unsigned int i = 0; i < ARRAY_SIZE(names2); i++)
		if (caps2 & 1UL << i)
			seq_printf(m, " %s", names2[i]);
}

/* aes, pmull, sha1, sha2, crc32 are bits 0 to 4 here; ID_ISAR5_EL1 has a field for each. */
unsigned long compat_hwcap2(void)
{
	u64 isar5 = read_sysreg(id_isar5_el1);

	return (field(isar5, 4) >= 1) | (field(isar5, 4) >= 2) << 1 | (field(isar5, 8) >= 1) << 2 |
	       (field(isar5, 12) >= 1) << 3 | (field(isar5, 16) >= 1) << 4;
}
