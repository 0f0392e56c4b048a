// SPDX-License-Identifier: GPL-2.0-only
/* lib.c: a shared library that dyn/hello.c opens with dlopen. */

int dyn_answer(int x);

static __thread int calls;
static int base = 40;

int dyn_answer(int x)
{
	return base + x + calls++;
}
