// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers: per-CPU counters of pages and events, and the texts of /proc/meminfo and /proc/vmstat.
 *
 * A counter is one word per CPU, added to atomically (so from any context); a reader sums.  A sum
 * that is negative for a moment reads as 0.
 */
#include <fs/seq_file.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <mm/internal.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <asm/memory.h>

DEFINE_PER_CPU(long[NR_PAGE_STATS], page_stats);
DEFINE_PER_CPU(long[NR_VM_EVENTS], vm_events);

unsigned long page_stat(enum page_stat item)
{
	unsigned int cpu;
	long sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(page_stats[item], cpu));
	return sum > 0 ? sum : 0;
}

unsigned long vm_event(enum vm_event e)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(vm_events[e], cpu));
	return sum;
}

unsigned long nr_file_pages(void) { return page_stat(NR_FILE_PAGES); }
unsigned long nr_shmem_pages(void) { return page_stat(NR_SHMEM_PAGES); }
unsigned long nr_anon_pages(void) { return page_stat(NR_ANON_PAGES); }
unsigned long nr_slab_pages(void) { return page_stat(NR_SLAB_PAGES); }
unsigned long nr_pagetable_pages(void) { return page_stat(NR_PAGETABLE_PAGES); }
unsigned long nr_kernel_stack_pages(void) { return page_stat(NR_KSTACK_PAGES); }
unsigned long nr_dirty_pages(void) { return page_stat(NR_DIRTY_PAGES); }
unsigned long nr_mapped_pages(void) { return page_stat(NR_FILE_MAPPED); }

static unsigned long kib(unsigned long pages)
{
	return pages << (PAGE_SHIFT - 10);
}

/* What could be had without swapping: free pages and most of the clean cache. */
unsigned long si_mem_available(void)
{
	unsigned long free = nr_free_pages(), low = low_watermark_pages(), cache = nr_lru_pages();
	unsigned long available = free > low ? free - low : 0;

	return available + cache - min(cache / 2, low);
}

void si_meminfo(struct sysinfo *si)
{
	si->totalram = totalram_pages();
	si->freeram = nr_free_pages();
	si->sharedram = nr_shmem_pages();
	si->bufferram = 0;
	si->totalswap = 0;
	si->freeswap = 0;
	si->totalhigh = 0;
	si->freehigh = 0;
	si->mem_unit = PAGE_SIZE;
}

static void line(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%-16s%8lu kB\n", name, kib(pages));
}

void meminfo_show(struct seq_file *m)
{
	unsigned long anon = nr_anon_pages() + nr_shmem_pages(), lru = nr_lru_pages();
	long committed = atomic_long_read(&vm_committed_as);

	line(m, "MemTotal:", totalram_pages());
	line(m, "MemFree:", nr_free_pages());
	line(m, "MemAvailable:", si_mem_available());
	line(m, "Buffers:", 0);
	line(m, "Cached:", nr_file_pages());
	line(m, "SwapCached:", 0);
	line(m, "Active:", 0);
	line(m, "Inactive:", anon + lru);
	line(m, "Active(anon):", 0);
	line(m, "Inactive(anon):", anon);
	line(m, "Active(file):", 0);
	line(m, "Inactive(file):", lru);
	line(m, "Unevictable:", 0);
	line(m, "Mlocked:", 0);
	line(m, "SwapTotal:", 0);
	line(m, "SwapFree:", 0);
	line(m, "Dirty:", nr_dirty_pages());
	line(m, "Writeback:", 0);
	line(m, "AnonPages:", nr_anon_pages());
	line(m, "Mapped:", nr_mapped_pages());
	line(m, "Shmem:", nr_shmem_pages());
	line(m, "KReclaimable:", 0);
	line(m, "Slab:", nr_slab_pages());
	line(m, "SReclaimable:", 0);
	line(m, "SUnreclaim:", nr_slab_pages());
	line(m, "KernelStack:", nr_kernel_stack_pages());
	line(m, "PageTables:", nr_pagetable_pages());
	line(m, "NFS_Unstable:", 0);
	line(m, "Bounce:", 0);
	line(m, "WritebackTmp:", 0);
	line(m, "CommitLimit:", vm_commit_limit());
	line(m, "Committed_AS:", committed > 0 ? committed : 0);
	line(m, "VmallocTotal:", (VMALLOC_END - VMALLOC_START) >> PAGE_SHIFT);
	line(m, "VmallocUsed:", page_stat(NR_VMALLOC_PAGES));
	line(m, "VmallocChunk:", 0);
	line(m, "Percpu:", 0);
}

void vmstat_show(struct seq_file *m)
{
	static const char *const events[NR_VM_EVENTS] = {
		[PGFAULT] = "pgfault",
		[PGMAJFAULT] = "pgmajfault", [PGSTEAL] = "pgsteal_kswapd",
		[PGSCAN] = "pgscan_kswapd",
		[OOM_KILL] = "oom_kill", [PGPGIN] = "pgpgin", [PGPGOUT] = "pgpgout",
	};
	unsigned int i;

	seq_printf(m, "nr_free_pages %lu\n", nr_free_pages());
	seq_printf(m, "nr_anon_pages %lu\n", nr_anon_pages());
	seq_printf(m, "nr_mapped %lu\n", nr_mapped_pages());
	seq_printf(m, "nr_file_pages %lu\n", nr_file_pages());
	seq_printf(m, "nr_dirty %lu\n", nr_dirty_pages());
	seq_printf(m, "nr_shmem %lu\n", nr_shmem_pages());
	seq_printf(m, "nr_page_table_pages %lu\n", nr_pagetable_pages());
	seq_printf(m, "nr_kernel_stack %lu\n", kib(nr_kernel_stack_pages()));
	seq_printf(m, "nr_slab_unreclaimable %lu\n", nr_slab_pages());
	seq_printf(m, "pgalloc_normal %lu\npgfree %lu\n", pages_allocated(), pages_freed());
	for (i = 0; i < NR_VM_EVENTS; i++)
		seq_printf(m, "%s %lu\n", events[i], vm_event(i));
}

void show_mem(void)
{
	unsigned int order;

	printk("Mem-Info: total %lukB free %lukB anon %lukB file %lukB shmem %lukB slab %lukB "
	       "pagetables %lukB stacks %lukB\n", kib(totalram_pages()), kib(nr_free_pages()),
	       kib(nr_anon_pages()), kib(nr_file_pages()), kib(nr_shmem_pages()),
	       kib(nr_slab_pages()),
	       kib(nr_pagetable_pages()), kib(nr_kernel_stack_pages()));
	printk("Buddy:");
	for (order = 0; order < MAX_ORDER; order++)
		printk(KERN_CONT " %u*%lukB", buddy_free_blocks(order), kib(1UL << order));
	printk(KERN_CONT "\n");
}
