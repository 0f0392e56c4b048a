// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flattened device tree at boot: memory, reservations, /chosen and the CPUs are read from the
 * blob before there is an allocator; unflatten_device_tree() copies the blob and builds the tree.
 *
 * Interface: of_fdt.h.  Boot CPU only, no locks.  Nothing in the blob is trusted:
 * kernel/lib/fdt.c bounds every access, and here ranges that wrap or are empty are left out.
 */
#include <drivers/base/of_fdt.h>
#include <drivers/base/of.h>
#include <kernel/arch.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/err.h>
#include <kernel/lib/fdt.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <mm/memblock.h>
#include <mm/slab.h>

struct boot_params boot_params;
struct device_node *of_root;

static const void *boot_fdt;		/* [I] after early_init_dt_scan() */
static void *fdt_copy;			/* [I] after unflatten_device_tree() */

const void *early_fdt(void)
{
	return boot_fdt;
}

const void *of_fdt_blob(size_t *size)
{
	*size = fdt_copy ? fdt_totalsize(fdt_copy) : 0;
	return fdt_copy;
}

/* ---- memory -------------------------------------------------------------------------------- */

static bool range_ok(u64 base, u64 size)
{
	return size && base + size > base;
}

/* All regs of @node through @fn. */
static void scan_regs(const void *fdt, int node, void (*fn)(phys_addr_t base, phys_addr_t size))
{
	u64 base, size;

	for (unsigned int i = 0; !fdt_get_reg(fdt, node, i, &base, &size); i++)
		if (range_ok(base, size))
			fn(base, size);
}

/* Whole pages only: RAM shrinks to page limits, reservations grow to them. */
static void add_ram(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t start = ALIGN(base, PAGE_SIZE);
	phys_addr_t end = ALIGN_DOWN(base + size, PAGE_SIZE);

	if (start < end && start >= base)
		memblock_add(start, end - start);
}

static void reserve_ram(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t start = ALIGN_DOWN(base, PAGE_SIZE);
	phys_addr_t end = ALIGN(base + size, PAGE_SIZE);

	if (end > start)
		memblock_reserve(start, end - start);
}

static void remove_ram(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t start = ALIGN_DOWN(base, PAGE_SIZE);
	phys_addr_t end = ALIGN(base + size, PAGE_SIZE);

	if (end > start)
		memblock_remove(start, end - start);
}

static bool has_device_type(const void *fdt, int node, const char *type)
{
	const char *s = fdt_getprop_string(fdt, node, "device_type");

	return s && !strcmp(s, type);
}

static void scan_memory(const void *fdt)
{
	int root = fdt_next_node(fdt, -1, NULL);
	int node;

	fdt_for_each_subnode(node, fdt, root)
		if (has_device_type(fdt, node, "memory") && fdt_node_is_available(fdt, node))
			scan_regs(fdt, node, add_ram);
}

static void scan_reserved_memory(const void *fdt)
{
	int parent = fdt_path_offset(fdt, "/reserved-memory");
	u64 base, size;
	int node, len;

	for (unsigned int i = 0; !fdt_get_mem_rsv(fdt, i, &base, &size); i++)
		if (range_ok(base, size))
			reserve_ram(base, size);
	if (parent < 0)
		return;
	fdt_for_each_subnode(node, fdt, parent) {
		if (!fdt_node_is_available(fdt, node))
			continue;
		if (fdt_getprop(fdt, node, "no-map", &len))
			scan_regs(fdt, node, remove_ram);
		else
			scan_regs(fdt, node, reserve_ram);
	}
}

/* The lowest end of what one bus can address by DMA, in CPU addresses. */
static void scan_dma_ranges(const void *fdt)
{
	int node;

	fdt_for_each_node(node, fdt) {
		int len, parent, na, pna, ns, entry;
		const __be32 *p = fdt_getprop(fdt, node, "dma-ranges", &len);
		u64 end = 0;

		if (!p || len <= 0)
			continue;
		parent = fdt_parent_offset(fdt, node);
		na = fdt_address_cells(fdt, node);
		ns = fdt_size_cells(fdt, node);
		pna = parent < 0 ? -1 : fdt_address_cells(fdt, parent);
		entry = na + pna + ns;
		if (na <= 0 || pna <= 0 || ns <= 0 || entry > 16)
			continue;
		for (len /= 4; len >= entry; len -= entry, p += entry) {
			u64 base = of_read_number(p + na, pna);
			u64 size = of_read_number(p + na + pna, ns);

			if (range_ok(base, size))
				end = max(end, base + size);
		}
		if (end && (!boot_params.dma_limit || end < boot_params.dma_limit))
			boot_params.dma_limit = end;
	}
}

/* ---- /chosen ------------------------------------------------------------------------------- */

static void copy_string_prop(const void *fdt, int node, const char *name, char *buf, size_t size)
{
	const char *s = fdt_getprop_string(fdt, node, name);

	if (s)
		strscpy(buf, s, size);
}

/* One or two cells, as boot loaders like it. */
static u64 number_prop(const void *fdt, int node, const char *name)
{
	int len;
	const __be32 *p = fdt_getprop(fdt, node, name, &len);

	return p && (len == 4 || len == 8) ? of_read_number(p, len / 4) : 0;
}

static void scan_initrd(const void *fdt, int chosen)
{
	u64 start = number_prop(fdt, chosen, "linux,initrd-start");
	u64 end = number_prop(fdt, chosen, "linux,initrd-end");

	if (!start || end <= start || !memblock_is_memory(start) || !memblock_is_memory(end - 1)) {
		if (start || end)
			pr_warn("initrd at %#llx-%#llx is not in memory: ignored\n", start, end);
		return;
	}
	boot_params.initrd_start = start;
	boot_params.initrd_end = end;
	reserve_ram(start, end - start);
}

static void scan_chosen(const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	char *options;

	if (chosen < 0)
		return;
	copy_string_prop(fdt, chosen, "bootargs", boot_params.command_line,
			 sizeof(boot_params.command_line));
	copy_string_prop(fdt, chosen, "linux,stdout-path", boot_params.stdout_path,
			 sizeof(boot_params.stdout_path));
	copy_string_prop(fdt, chosen, "stdout-path", boot_params.stdout_path,
			 sizeof(boot_params.stdout_path));
	options = strchr(boot_params.stdout_path, ':');
	if (options) {
		strscpy(boot_params.stdout_options, options + 1,
			sizeof(boot_params.stdout_options));
		*options = '\0';
	}
	scan_initrd(fdt, chosen);
}

int early_init_dt_scan(void *fdt)
{
	if (!fdt || fdt_check_header(fdt, MAX_FDT_SIZE))
		return -EINVAL;
	boot_fdt = fdt;
	copy_string_prop(fdt, fdt_next_node(fdt, -1, NULL), "model", boot_params.model,
			 sizeof(boot_params.model));
	scan_memory(fdt);
	scan_reserved_memory(fdt);
	scan_chosen(fdt);
	scan_dma_ranges(fdt);
	return memblock_phys_mem_size() ? 0 : -ENODEV;
}

/* ---- CPUs ---------------------------------------------------------------------------------- */

static bool cpu_node_failed(const void *fdt, int node)
{
	const char *status = fdt_getprop_string(fdt, node, "status");

	return status && !strncmp(status, "fail", 4);
}

static bool hwid_is_known(u64 hwid, unsigned int count)
{
	for (unsigned int cpu = 0; cpu < count; cpu++)
		if (cpu_hwid(cpu) == hwid)
			return true;
	return false;
}

void early_init_dt_scan_cpus(void)
{
	int parent = boot_fdt ? fdt_path_offset(boot_fdt, "/cpus") : -ENOENT;
	unsigned int count = 1;
	int node, na, len;

	set_cpu_possible(0, true);
	set_cpu_present(0, true);
	if (parent < 0)
		return;
	na = fdt_address_cells(boot_fdt, parent);
	fdt_for_each_subnode(node, boot_fdt, parent) {
		const __be32 *reg = fdt_getprop(boot_fdt, node, "reg", &len);
		u64 hwid;

		if (!has_device_type(boot_fdt, node, "cpu") || cpu_node_failed(boot_fdt, node))
			continue;
		if (!reg || na < 1 || na > 2 || len < 4 * na)
			continue;
		hwid = of_read_number(reg, na);
		if (hwid_is_known(hwid, count))
			continue;
		if (count == NR_CPUS) {
			pr_warn("only %u CPUs are supported: the others stay off\n", NR_CPUS);
			break;
		}
		set_cpu_hwid(count, hwid);
		set_cpu_possible(count, true);
		set_cpu_present(count, true);
		count++;
	}
}

/* ---- unflattening -------------------------------------------------------------------------- */

static int add_properties(struct device_node *np, const void *fdt, int node)
{
	struct property **tail = &np->properties;
	int prop;

	fdt_for_each_property_offset(prop, fdt, node) {
		struct property *p;
		const char *name;
		int len;
		const void *value = fdt_getprop_by_offset(fdt, prop, &name, &len);

		if (!value || len < 0 || !name)
			continue;
		p = kzalloc(sizeof(*p), GFP_KERNEL);
		if (!p)
			return -ENOMEM;
		p->name = name;
		p->value = value;
		p->length = len;
		*tail = p;
		tail = &p->next;
		if ((!strcmp(name, "phandle") || !strcmp(name, "linux,phandle")) && len == 4)
			np->phandle = of_read_number(value, 1);
	}
	return 0;
}

/* The next child of @parent after @prev (NULL: the first). */
static struct device_node *make_node(const void *fdt, int node, struct device_node *parent,
				     struct device_node *prev)
{
	struct device_node *np = kzalloc(sizeof(*np), GFP_KERNEL);

	if (!np)
		return NULL;
	np->name = fdt_get_name(fdt, node, NULL);
	if (!np->name)
		np->name = "";
	np->parent = parent;
	if (add_properties(np, fdt, node)) {
		/* its few properties stay: the boot is going to fail anyway */
		kfree(np);
		return NULL;
	}
	if (prev)
		prev->sibling = np;
	else if (parent)
		parent->child = np;
	return np;
}

/* The blob's own order; the depth tells whether the last node is the parent, or which of its
 * ancestors (or it) is the elder sibling. */
static struct device_node *build_tree(const void *fdt)
{
	struct device_node *root = NULL, *last = NULL;
	int depth = -1, last_depth = -1;
	int node = -1;

	while ((node = fdt_next_node(fdt, node, &depth)) >= 0 && depth >= 0) {
		struct device_node *prev = NULL, *parent = last;

		for (; last && last_depth >= depth; last_depth--) {
			prev = last;
			parent = last = last->parent;
		}
		if (root && !parent)
			break;			/* a second root: malformed, the rest is ignored */
		last = make_node(fdt, node, parent, prev);
		if (!last)
			return root;
		last_depth = depth;
		if (!root)
			root = last;
	}
	return root;
}

void unflatten_device_tree(void)
{
	if (!boot_fdt)
		return;
	fdt_copy = kmemdup(boot_fdt, fdt_totalsize(boot_fdt), GFP_KERNEL);
	if (!fdt_copy) {
		pr_err("device tree: no memory to copy %u bytes\n", fdt_totalsize(boot_fdt));
		return;
	}
	boot_fdt = fdt_copy;
	of_root = build_tree(fdt_copy);
}

void of_add_rng_seed(void)
{
	static const char *const names[] = { "rng-seed", "kaslr-seed" };
	struct device_node *chosen = of_find_node_by_path("/chosen");

	for (size_t i = 0; chosen && i < ARRAY_SIZE(names); i++) {
		int len;
		const void *seed = of_get_property(chosen, names[i], &len);

		if (!seed || len <= 0)
			continue;
		add_hwgenerator_randomness(seed, len, len * 8);
		memzero_explicit((void *)seed, len);	/* in our own copy of the blob */
	}
}
