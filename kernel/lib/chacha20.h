/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ChaCha20 block function (RFC 8439).  State: 4 words of constant, 8 of key, one block
 * counter, 3 of nonce.  The caller locks its state.
 */
#pragma once

#include <kernel/lib/types.h>

#define CHACHA20_KEY_SIZE	32
#define CHACHA20_NONCE_SIZE	12
#define CHACHA20_BLOCK_SIZE	64
#define CHACHA20_STATE_WORDS	16
/* "expand 32-byte k": what a state begins with, as an initializer of one with key, counter and nonce 0. */
#define CHACHA20_CONSTANT	{ 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }

void chacha20_init(u32 state[CHACHA20_STATE_WORDS], const u8 key[CHACHA20_KEY_SIZE],
		   const u8 nonce[CHACHA20_NONCE_SIZE], u32 counter);
/* Writes one block and steps the counter (state[12], carrying into state[13]). */
void chacha20_block(u32 state[CHACHA20_STATE_WORDS], u8 out[CHACHA20_BLOCK_SIZE]);
