// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classic BPF: the check that is made once, and the interpreter.  The machine has an accumulator A, an index
 * register X and sixteen words of memory M.
 *
 * What the check promises the interpreter: known instructions only, loads inside the data, shifts below 32,
 * no constant division by zero, memory read only after it was written on every path, jumps forward and inside
 * the program, and a return at the end.
 *
 * No locks: programs are immutable.
 */
#include <kernel/bpf_classic.h>

#include <kernel/lib/string.h>
#include <kernel/uapi.h>
#include <mm/slab.h>

/* ---- the check ------------------------------------------------------------------------------- */

static bool check_alu(const struct sock_filter *insn)
{
	bool constant = BPF_SRC(insn->code) == BPF_K;

	switch (BPF_OP(insn->code)) {
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return true;
	case BPF_NEG:
		return constant;
	case BPF_DIV:
		return !constant || insn->k;
	case BPF_LSH:
	case BPF_RSH:
		return !constant || insn->k < 32;
	}
	return false;
}

static bool check_jump(const struct sock_filter *insn, unsigned int left)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JA:
		return BPF_SRC(insn->code) == BPF_K && insn->k < left;
	case BPF_JEQ:
	case BPF_JGT:
	case BPF_JGE:
	case BPF_JSET:
		return insn->jt < left && insn->jf < left;
	}
	return false;
}

/* @left: instructions behind this one. */
static bool check_insn(const struct sock_filter *insn, unsigned int left, unsigned int size)
{
	switch (insn->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return insn->k < size && !(insn->k & 3);
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
		return true;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return insn->k < BPF_MEMWORDS;
	}
	if (insn->code & ~0xff)
		return false;
	if (BPF_CLASS(insn->code) == BPF_ALU)
		return check_alu(insn);
	return BPF_CLASS(insn->code) == BPF_JMP && check_jump(insn, left);
}

/*
 * Is M only read where every path has written it? @written[i] is what is certain to be written when
 * instruction i starts, so far as the jumps to it say.
 */
static bool check_memory(const struct sock_filter *insns, unsigned int len, u16 *written)
{
	u16 now = 0;

	for (unsigned int i = 0; i < len; i++) {
		const struct sock_filter *insn = &insns[i];

		now &= written[i];
		switch (insn->code) {
		case BPF_ST:
		case BPF_STX:
			now |= 1U << insn->k;
			continue;
		case BPF_LD | BPF_MEM:
		case BPF_LDX | BPF_MEM:
			if (!(now & 1U << insn->k))
				return false;
			continue;
		case BPF_JMP | BPF_JA:
			written[i + 1 + insn->k] &= now;
			now = 0xffff;		/* the next one is reached by jumps only */
			continue;
		}
		if (BPF_CLASS(insn->code) == BPF_JMP) {
			written[i + 1 + insn->jt] &= now;
			written[i + 1 + insn->jf] &= now;
			now = 0xffff;
		}
	}
	return true;
}

static bool is_return(const struct sock_filter *insn)
{
	return insn->code == (BPF_RET | BPF_K) || insn->code == (BPF_RET | BPF_A);
}

int bpf_classic_check(const struct sock_filter *insns, unsigned int len, unsigned int size)
{
	u16 *written;
	int err = 0;

	if (!len || len > BPF_MAXINSNS || !is_return(&insns[len - 1]))
		return -EINVAL;
	for (unsigned int i = 0; i < len; i++)
		if (!check_insn(&insns[i], len - 1 - i, size))
			return -EINVAL;
	written = kmalloc_array(len, sizeof(*written), GFP_KERNEL);
	if (!written)
		return -ENOMEM;
	memset(written, 0xff, len * sizeof(*written));
	if (!check_memory(insns, len, written))
		err = -EINVAL;
	kfree(written);
	return err;
}

/* ---- the interpreter ------------------------------------------------------------------------- */

static u32 alu(unsigned int op, u32 a, u32 b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;		/* the caller has looked */
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	}
	return -a;			/* BPF_NEG */
}

static bool jumps(unsigned int op, u32 a, u32 b)
{
	switch (op) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	}
	return a & b;			/* BPF_JSET */
}

u32 bpf_classic_run(const struct sock_filter *insn, const u32 *data, unsigned int size)
{
	u32 a = 0, x = 0, mem[BPF_MEMWORDS];

	for (;; insn++) {
		u32 operand = BPF_SRC(insn->code) == BPF_X ? x : insn->k;

		switch (BPF_CLASS(insn->code)) {
		case BPF_RET:
			return BPF_RVAL(insn->code) == BPF_A ? a : insn->k;
		case BPF_LD:
			a = BPF_MODE(insn->code) == BPF_ABS ? data[insn->k / 4] :
			    BPF_MODE(insn->code) == BPF_MEM ? mem[insn->k] :
			    BPF_MODE(insn->code) == BPF_LEN ? size : insn->k;
			break;
		case BPF_LDX:
			x = BPF_MODE(insn->code) == BPF_MEM ? mem[insn->k] :
			    BPF_MODE(insn->code) == BPF_LEN ? size : insn->k;
			break;
		case BPF_ST:
			mem[insn->k] = a;
			break;
		case BPF_STX:
			mem[insn->k] = x;
			break;
		case BPF_ALU:
			if (BPF_OP(insn->code) == BPF_DIV && !operand)
				return 0;
			a = alu(BPF_OP(insn->code), a, operand);
			break;
		case BPF_JMP:
			if (BPF_OP(insn->code) == BPF_JA)
				insn += insn->k;
			else
				insn += jumps(BPF_OP(insn->code), a, operand) ? insn->jt : insn->jf;
			break;
		default:
			if (BPF_MISCOP(insn->code) == BPF_TAX)
				x = a;
			else
				a = x;
		}
	}
}
