/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers: a ChaCha20 generator that overwrites its key with each request (fast key
 * erasure), fed from a pool of collected entropy.
 *
 * Until enough was collected, get_random_bytes() gives what there is (and says so once);
 * getrandom(2) without GRND_INSECURE and /dev/random wait.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

void random_init(void);				/* after the device tree is read */
void get_random_bytes(void *buf, size_t len);	/* any context */
u32 get_random_u32(void);
u64 get_random_u64(void);
unsigned long get_random_long(void);
u32 get_random_u32_below(u32 ceil);		/* uniform in [0, ceil) */
/* Mix in data that may or may not be secret: no credit. Any context. */
void add_device_randomness(const void *buf, size_t len);
/* From a hardware generator or the boot loader: @bits of entropy to credit. */
void add_hwgenerator_randomness(const void *buf, size_t len, unsigned int bits);
void add_interrupt_randomness(unsigned int irq);	/* irqs off */
bool rng_is_initialized(void);
int wait_for_random_bytes(void);		/* -ERESTARTSYS */
unsigned int random_entropy_avail(void);	/* for /proc/sys/kernel/random/entropy_avail */
/* /dev/urandom and /dev/random: bytes copied or -errno. May sleep. */
ssize_t urandom_read(char __user *buf, size_t len);
ssize_t random_read(char __user *buf, size_t len, bool nonblock);
ssize_t random_write(const char __user *buf, size_t len);
unsigned int random_poll_mask(void);		/* EPOLLIN.. of /dev/random */
struct wait_queue_head;
extern struct wait_queue_head random_wait;
