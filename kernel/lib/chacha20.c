// SPDX-License-Identifier: GPL-2.0-only
/* The ChaCha20 block function, from RFC 8439 section 2.3; see chacha20.h. */
#include <kernel/lib/chacha20.h>

#include <kernel/lib/bitops.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/string.h>

static __always_inline void quarter_round(u32 *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 7);
}

void chacha20_init(u32 state[CHACHA20_STATE_WORDS], const u8 key[CHACHA20_KEY_SIZE],
		   const u8 nonce[CHACHA20_NONCE_SIZE], u32 counter)
{
	static const u32 constant[4] = CHACHA20_CONSTANT;

	memcpy(state, constant, sizeof(constant));
	for (int i = 0; i < 8; i++)
		state[4 + i] = get_unaligned_le32(key + 4 * i);
	state[12] = counter;
	for (int i = 0; i < 3; i++)
		state[13 + i] = get_unaligned_le32(nonce + 4 * i);
}

/* Both short loops are unrolled so that x[] is 16 registers, which need no wiping (arm's few spill). */
void chacha20_block(u32 state[CHACHA20_STATE_WORDS], u8 out[CHACHA20_BLOCK_SIZE])
{
	u32 x[CHACHA20_STATE_WORDS];

#pragma GCC unroll 16
	for (int i = 0; i < CHACHA20_STATE_WORDS; i++)
		x[i] = state[i];
	for (int i = 0; i < 10; i++) {
		quarter_round(x, 0, 4, 8, 12);
		quarter_round(x, 1, 5, 9, 13);
		quarter_round(x, 2, 6, 10, 14);
		quarter_round(x, 3, 7, 11, 15);
		quarter_round(x, 0, 5, 10, 15);
		quarter_round(x, 1, 6, 11, 12);
		quarter_round(x, 2, 7, 8, 13);
		quarter_round(x, 3, 4, 9, 14);
	}
#pragma GCC unroll 16
	for (int i = 0; i < CHACHA20_STATE_WORDS; i++)
		put_unaligned_le32(x[i] + state[i], out + 4 * i);
	if (!++state[12])
		state[13]++;
}
