// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel says when it finds itself wrong: panics, warnings, backtraces.
 *
 * The first CPU that panics reports; others that panic meanwhile wait to be stopped.  It prints its
 * message, registers and stack, then makes every other CPU print what it was doing and halt, and in
 * the end restarts (panic=N) or halts.  From the start locks of the log and the consoles are no
 * obstacle any more.
 */
#include <kernel/panic.h>

#include <kernel/arch.h>
#include <kernel/kallsyms.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <kernel/smp.h>
#include <kernel/time/timekeeping.h>

#define MAX_FRAMES	40
#define NO_CPU		(-1)

int panic_timeout;
bool oops_in_progress;
void (*panic_restart_hook)(void);

static int panic_cpu = NO_CPU;		/* [a] who reports */
static unsigned long tainted;		/* [a] */

/* ---- backtraces ---------------------------------------------------------------------------- */

/* A return address belongs to the call before it, which may be the last instruction of a function. */
static void show_frame(unsigned long pc, bool is_return)
{
	struct ksymbol sym;

	if (kallsyms_lookup(pc - is_return, &sym))
		pr_emerg(" %s+%#lx/%#lx\n", sym.name, pc - sym.addr, sym.size);
	else
		pr_emerg(" %#lx\n", pc);
}

void show_stack(struct task_struct *t, const struct pt_regs *regs)
{
	struct unwind_frame frame;
	unsigned int n = 0;

	pr_emerg("Call trace:\n");
	unwind_start(&frame, t ? t : current, regs);
	do {
		if (!is_kernel_text(frame.pc))
			break;
		show_frame(frame.pc, n || !regs);
	} while (++n < MAX_FRAMES && unwind_next(&frame));
}

void dump_stack(void)
{
	show_stack(current, NULL);
}

static void show_task_line(void)
{
	struct task_struct *t = current;
	char taint[32] = "";

	if (tainted)
		snprintf(taint, sizeof(taint), " taint %#lx", tainted);
	pr_emerg("CPU: %u PID: %d Comm: %s%s preempt_count %#x%s%s\n", smp_processor_id(), t->pid,
		 t->comm, taint, t->preempt_count, t->wchan ? " waits for " : "",
		 t->wchan ? t->wchan : "");
}

void panic_show_this_cpu(void)
{
	const struct pt_regs *regs = get_irq_regs();

	show_task_line();
	if (regs && user_mode(regs)) {
		pr_emerg("in user mode, pc %#lx\n", instruction_pointer(regs));
		return;
	}
	show_stack(current, regs);
}

static void show_task(struct task_struct *t)
{
	pr_info("task:%-15s state:%c pid:%d ppid:%d flags:%#x%s%s\n", t->comm, task_state_char(t),
		t->pid, t->real_parent->tgid, t->flags, t->wchan ? " waits for " : "",
		t->wchan ? t->wchan : "");
	if (!READ_ONCE(t->on_cpu))
		show_stack(t, NULL);
}

void show_state(void)
{
	struct task_struct *p, *t;

	read_lock(&tasklist_lock);
	for_each_process_thread(p, t)
		show_task(t);
	read_unlock(&tasklist_lock);
}

/* ---- panic --------------------------------------------------------------------------------- */

/* Only one CPU comes back from here, once. */
static void become_panic_cpu(void)
{
	int none = NO_CPU, me = smp_processor_id();

	if (__atomic_compare_exchange_n(&panic_cpu, &none, me, false, __ATOMIC_SEQ_CST,
					__ATOMIC_RELAXED)) {
		WRITE_ONCE(panic_in_progress, true);
		WRITE_ONCE(oops_in_progress, true);
		return;
	}
	if (none == me) {	/* the report itself failed */
		console_flush_on_panic();
		arch_halt();
	}
	irq_enable();		/* to be asked for a backtrace, and stopped */
	for (;;)
		cpu_relax();
}

static void __noreturn end_of_the_line(void)
{
	int seconds = panic_timeout;

	if (!seconds && cmdline_get("panic"))
		seconds = (int)(long long)cmdline_number("panic", 0);
	if (seconds && panic_restart_hook) {
		if (seconds > 0) {
			pr_emerg("Rebooting in %d seconds..\n", seconds);
			mdelay(seconds * 1000UL);
		}
		panic_restart_hook();
	}
	console_flush_on_panic();
	arch_halt();
}

static void __noreturn report_panic(const struct pt_regs *regs, const char *fmt, va_list args)
{
	struct va_format vaf = { .fmt = fmt };
	va_list copy;

	va_copy(copy, args);
	vaf.va = &copy;
	irq_disable();
	become_panic_cpu();
	console_flush_on_panic();
	pr_emerg("Kernel panic - not syncing: %pV\n", &vaf);
	va_end(copy);
	show_task_line();
	if (regs)
		show_regs(regs);
	show_stack(current, regs);
	smp_send_backtrace_stop();
	va_copy(copy, args);
	vaf.va = &copy;
	pr_emerg("---[ end Kernel panic - not syncing: %pV ]---\n", &vaf);
	va_end(copy);
	end_of_the_line();
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report_panic(NULL, fmt, args);
}

void panic_regs(const struct pt_regs *regs, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report_panic(regs, fmt, args);
}

/* ---- warnings ------------------------------------------------------------------------------ */

void add_taint(unsigned int flag)
{
	__atomic_fetch_or(&tainted, 1UL << flag, __ATOMIC_RELAXED);
}

unsigned long get_taint(void)
{
	return READ_ONCE(tainted);
}

void warn_at(const char *file, int line, const char *expr)
{
	pr_warn("WARNING: %s at %s:%d\n", expr, file, line);
	show_task_line();
	dump_stack();
	add_taint(TAINT_WARN);
	if (cmdline_bool("panic_on_warn"))
		panic("panic_on_warn is set");
}

/* Called by code built with -fstack-protector when a canary was overwritten. */
void __stack_chk_fail(void);
void __noreturn __stack_chk_fail(void)
{
	panic("stack smashed in %pS", __builtin_return_address(0));
}
