// SPDX-License-Identifier: GPL-2.0-only
/* Known answers of CRCs, hashes and ChaCha20, from their specifications. */
#include <kernel/lib/hash.h>

#include <kernel/lib/chacha20.h>
#include <kernel/lib/crc32.h>
#include <kernel/lib/string.h>
#include <kernel/lib/siphash.h>
#include <kernel/lib/unit.h>

UNIT_TEST(crc_check_values)
{
	static const char check[] = "123456789";
	static const u8 cmd0[5] = { 0x40 };

	EXPECT_EQ(~crc32_le(~0U, check, 9), 0xcbf43926U);
	EXPECT_EQ(~crc32c(~0U, check, 9), 0xe3069283U);
	EXPECT_EQ(~crc32_be(~0U, check, 9), 0xfc891918U);
	EXPECT_EQ(crc16(0, check, 9), 0xbb3d);
	EXPECT_EQ(crc16_xmodem(0, check, 9), 0x31c3);
	EXPECT_EQ(crc7(0, cmd0, 5), 0x4a);
	EXPECT_EQ(crc32_le(crc32_le(~0U, check, 4), check + 4, 5), crc32_le(~0U, check, 9));
}

UNIT_TEST(siphash_vectors)
{
	/* Key 00..0f, message 00, 01, ...: the paper's and the reference's vectors. */
	static const u64 vectors[] = {
		0x726fdb47dd0e0e31ULL, 0x74f839c593dc67fdULL, 0x0d6c8009d9a94f5aULL,
		0x85676696d7fb7e2dULL, 0xcf2794e0277187b7ULL, 0x18765564cd99a68dULL,
		0xcbc9466e58fee3ceULL, 0xab0200f58b01d137ULL, 0x93f5f5799a932462ULL,
	};
	siphash_key_t key = { { 0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL } };
	u8 message[16];

	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (u8)i;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
		EXPECT_EQ(siphash(message, i, &key), vectors[i]);
	EXPECT_EQ(siphash(message, 15, &key), 0xa129ca6149be45e5ULL);
	EXPECT_EQ(siphash_1u64(0x0706050403020100ULL, &key), vectors[8]);
}

UNIT_TEST(chacha20_rfc8439)
{
	static const u8 nonce[12] = { 0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0 };
	static const u8 want[16] = { 0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15,
				     0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4 };
	u32 state[CHACHA20_STATE_WORDS];
	u8 key[32], out[64];

	for (int i = 0; i < 32; i++)
		key[i] = (u8)i;
	chacha20_init(state, key, nonce, 1);
	chacha20_block(state, out);
	EXPECT_EQ(memcmp(out, want, sizeof(want)), 0);
	EXPECT_EQ(out[63], 0x4e);
	EXPECT_EQ(state[12], 2);
}

UNIT_TEST(hash_spread)
{
	/* lookup3's own check: hashlittle("Four score and seven years ago", 30, 0) */
	EXPECT_EQ(jhash("Four score and seven years ago", 30, 0), 0x17770551U);
	EXPECT_EQ(jhash("Four score and seven years ago", 30, 1), 0xcd628161U);
	EXPECT_EQ(jhash("", 0, 0), 0xdeadbeefU);
	EXPECT_EQ(jhash_3words(1, 2, 3, 4), jhash2((const u32[]){ 1, 2, 3 }, 3, 4));
	EXPECT(hash_32(1, 8) < 256 && hash_64(1, 8) < 256 && hash_long(12345, 4) < 16);
	EXPECT(full_name_hash(NULL, "abc", 3) != full_name_hash(NULL, "abd", 3));
	EXPECT(full_name_hash(NULL, "abc", 3) != full_name_hash("", "abc", 3));
}
