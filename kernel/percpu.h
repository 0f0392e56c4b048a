/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU variables.
 *
 * Each possible CPU has its copy of the section .data..percpu; a variable's own address is CPU 0's
 * copy (the offset of CPU 0 is zero, so CPU 0 works before setup_per_cpu_areas()), and
 * <asm/percpu.h> gives this_cpu_offset().  this_cpu_ptr() wants preemption off for as long as the
 * pointer is used. this_cpu_read/write/add/inc may be used anywhere: a read or write is one access,
 * an addition is atomic, so a sum over all CPUs is right whatever interrupts or migrations happen
 * in between.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/types.h>
#include <asm/percpu.h>

#define DEFINE_PER_CPU(type, name)	__section(".data..percpu") __typeof__(type) name
#define DECLARE_PER_CPU(type, name)	extern __section(".data..percpu") __typeof__(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	__section(".data..percpu") __typeof__(type) name ____cacheline_aligned

extern unsigned long __per_cpu_offset[NR_CPUS];		/* [I] after setup_per_cpu_areas() */
#define per_cpu_offset(cpu)	(__per_cpu_offset[cpu])

#define __percpu_at(ptr, off)	((__typeof__(*(ptr)) *)((unsigned long)(ptr) + (off)))
#define per_cpu_ptr(ptr, cpu)	__percpu_at(ptr, per_cpu_offset(cpu))
#define per_cpu(name, cpu)	(*per_cpu_ptr(&(name), cpu))
#define this_cpu_ptr(ptr)	__percpu_at(ptr, this_cpu_offset())
#define raw_cpu_ptr(ptr)	this_cpu_ptr(ptr)

#define this_cpu_read(name)	READ_ONCE(*this_cpu_ptr(&(name)))
#define this_cpu_write(name, v)	WRITE_ONCE(*this_cpu_ptr(&(name)), (v))
#define this_cpu_add(name, n)	((void)__atomic_fetch_add(this_cpu_ptr(&(name)), (n), __ATOMIC_RELAXED))
#define this_cpu_sub(name, n)	((void)__atomic_fetch_sub(this_cpu_ptr(&(name)), (n), __ATOMIC_RELAXED))
#define this_cpu_inc(name)	this_cpu_add(name, 1)
#define this_cpu_dec(name)	this_cpu_sub(name, 1)
/* Plain: preemption is off and no interrupt touches the variable. */
#define __this_cpu_read(name)	(*this_cpu_ptr(&(name)))
#define __this_cpu_write(name, v) (*this_cpu_ptr(&(name)) = (v))
#define __this_cpu_add(name, n)	(*this_cpu_ptr(&(name)) += (n))
#define __this_cpu_inc(name)	__this_cpu_add(name, 1)
#define __this_cpu_dec(name)	__this_cpu_add(name, -1)

/* Copies for all possible CPUs, from memblock; boot CPU only, before the allocators. */
void setup_per_cpu_areas(void);

/* Small zeroed objects (<= 1 KiB) for every CPU; NULL when the reserve is used up. Any context. */
void __percpu *__alloc_percpu(size_t size, size_t align);
void free_percpu(void __percpu *ptr);
#define alloc_percpu(type)	((type __percpu *)__alloc_percpu(sizeof(type), __alignof__(type)))

/* The CPU current runs on, which stays so until put_cpu(). */
#define get_cpu()	({ preempt_disable(); smp_processor_id(); })
#define put_cpu()	preempt_enable()
#define get_cpu_var(name) (*({ preempt_disable(); this_cpu_ptr(&(name)); }))
#define put_cpu_var(name) preempt_enable()
