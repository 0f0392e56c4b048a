// SPDX-License-Identifier: GPL-2.0-only
/* hello.c: the dynamically linked program that exec rows start. */

#include <stdio.h>

int main(void)
{
	puts("hello");
	return 0;
}
