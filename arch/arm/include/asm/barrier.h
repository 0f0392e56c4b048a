/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory barriers.  mb/rmb/wmb order against devices too; the smp_ ones order normal memory among
 * the CPUs of the inner shareable domain, which is all that locks and lock-free code need.
 */
#pragma once

#define isb()		asm volatile("isb" : : : "memory")
#define dsb(domain)	asm volatile("dsb " #domain : : : "memory")
#define dmb(domain)	asm volatile("dmb " #domain : : : "memory")

#define mb()		dsb(sy)
#define rmb()		dsb(sy)
#define wmb()		dsb(st)
#define smp_mb()	dmb(ish)
#define smp_rmb()	dmb(ish)
#define smp_wmb()	dmb(ishst)
